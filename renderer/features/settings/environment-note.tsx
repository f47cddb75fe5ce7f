import { Terminal } from 'lucide-react';
import { useSlice } from '../../api/queries.ts';
import { settingLabel } from './setting-words.ts';

/** Which settings the environment decides in this run, and which variables it could not use; nothing otherwise. */
export function EnvironmentNote() {
  const { overridden, problems } = useSlice('environment');
  if (overridden.length === 0 && problems.length === 0) return null;
  return (
    <section className="notice environment-note" aria-label="Set by the environment">
      {overridden.length > 0 && (
        <p>
          <Terminal size={14} aria-hidden /> Environment variables decide these settings in this run, so they
          cannot be changed here:{' '}
          {overridden.map(({ key, variable }) => `${settingLabel(key)} (${variable})`).join(', ')}.
        </p>
      )}
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
    </section>
  );
}
