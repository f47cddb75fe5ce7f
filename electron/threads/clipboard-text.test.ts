import { describe, expect, it } from 'vitest';
import { clipboardText } from './clipboard-text.ts';

describe('clipboard text', () => {
  const reveal = (id: string): string => `key-of-${id}`;

  it('gives addresses, keys and a line for the shell', () => {
    expect(clipboardText({ what: 'address' }, 8459, reveal)).toBe('http://127.0.0.1:8459');
    expect(clipboardText({ what: 'address-with-key', keyId: 'a' }, 8459, reveal)).toBe(
      'http://127.0.0.1:8459/k/key-of-a',
    );
    expect(clipboardText({ what: 'client-key', keyId: 'a' }, null, reveal)).toBe('key-of-a');
    expect(clipboardText({ what: 'shell-export', keyId: 'a' }, 8459, reveal)).toContain('ANTHROPIC_BASE_URL');
  });

  it('says what to do while the proxy is off', () => {
    expect(() => clipboardText({ what: 'address' }, null, reveal)).toThrow(/Switch it on/);
  });
});
