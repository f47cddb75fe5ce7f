import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngineStore } from '../../store/engine-store.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createAudit } from './audit.ts';

it('puts on record who did what and when, bounded and without secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const store = openEngineStore(folder);
  try {
    const clock = createFakeClock();
    const audit = createAudit(store.audit, clock);
    audit.write({
      actor: 'dashboard',
      action: 'account.add',
      subject: 'work',
      outcome: 'refused',
      detail: `Bearer Q7secretsecret ${'x'.repeat(1000)}`,
    });
    const [row] = store.audit.list(null, 10);
    expect(row).toMatchObject({ at: clock.now(), actor: 'dashboard', subject: 'work', outcome: 'refused' });
    expect(row?.detail).toMatch(/^Bearer \[redacted\] x+$/);
    expect(row?.detail?.length).toBe(300);
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
