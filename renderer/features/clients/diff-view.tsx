import type { Diff } from '../../../shared/clients.ts';

const SIGNS = { same: ' ', added: '+', removed: '-' } as const;
const WORDS = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** A change of a file line by line: marked by sign and colour, and by words for screen readers. */
export function DiffView({ diff }: { diff: Diff }) {
  return (
    <figure className="diff">
      <figcaption>
        <code className="path">{diff.file}</code>
      </figcaption>
      {diff.lines.every(({ kind }) => kind === 'same') ? (
        <p className="small secondary">Nothing in this file would change.</p>
      ) : (
        <Lines lines={diff.lines} />
      )}
    </figure>
  );
}

function Lines({ lines }: Pick<Diff, 'lines'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
    <section className="diff-lines" aria-label="Changes" tabIndex={0}>
      {lines.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a file are told apart by their place only.
        <div key={index} className="diff-line" data-kind={kind}>
          <span aria-hidden>{SIGNS[kind]}</span>
          <span className="visually-hidden">{WORDS[kind]}</span>
          <code>{text}</code>
        </div>
      ))}
    </section>
  );
}
