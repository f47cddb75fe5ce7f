import { openEngineStore } from '../engine-store.ts';
import { sealedText } from './sample-account.ts';

/** A process that rotates the tokens of `account-1` until it is killed and says the number of each stored rotation. */
const [dataDir = ''] = process.argv.slice(2);
const store = openEngineStore(dataDir);
for (let count = 1; ; count += 1) {
  const stored = store.accounts.rotateTokens('account-1', sealedText(`refresh-${count - 1}`), {
    accessToken: sealedText(`access-${count}`),
    refreshToken: sealedText(`refresh-${count}`),
    expiresAt: count,
    lastRefreshAt: count,
  });
  if (!stored) throw new Error('somebody else rotated');
  process.stdout.write(`${count}\n`);
  // Lets the line leave the process before the next rotation.
  await new Promise((resolve) => setImmediate(resolve));
}
