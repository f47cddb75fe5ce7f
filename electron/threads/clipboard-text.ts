import type { CallInput } from '../../shared/ipc/contract.ts';
import { AppError } from '../core/errors.ts';

/**
 * Text for the clipboard: an address, a key, or a line for a shell. Goes from the engine to the shell thread only.
 * @throws AppError `conflict` while the proxy has no port, and whatever `reveal` throws.
 */
export function clipboardText(
  request: Exclude<CallInput<'clipboard.copy'>, { what: 'snippet' | 'command' }>,
  port: number | null,
  reveal: (keyId: string) => string,
): string {
  if (request.what === 'client-key') return reveal(request.keyId);
  if (port === null) {
    throw new AppError('conflict', 'The proxy is off, so it has no address. Switch it on first.');
  }
  const address = `http://127.0.0.1:${port}`;
  if (request.what === 'address') return address;
  const withKey = `${address}/k/${reveal(request.keyId)}`;
  return request.what === 'address-with-key' ? withKey : shellLine(withKey);
}

function shellLine(address: string): string {
  return process.platform === 'win32'
    ? `$env:ANTHROPIC_BASE_URL = '${address}'`
    : `export ANTHROPIC_BASE_URL='${address}'`;
}
