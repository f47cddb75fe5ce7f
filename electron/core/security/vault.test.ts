import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sealed } from '../ports.ts';
import { createVault, type OpenableVault } from './vault.ts';

const keyA = randomBytes(32);
const keyB = randomBytes(32);

function vaultWith(currentId: string, ...keys: [string, Uint8Array][]): OpenableVault {
  const vault = createVault();
  vault.load({ currentId, byId: new Map(keys) });
  return vault;
}

const vault = vaultWith('a', ['a', keyA], ['b', keyB]);
const unreadable = expect.objectContaining({ code: 'secret_unreadable' });

describe('a vault', () => {
  it('gives back what it sealed, in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (plain, row, column) => {
        expect(vault.open(vault.seal(plain, row, column), row, column)).toBe(plain);
      }),
    );
  });

  it('never makes the same ciphertext twice, and none that holds the secret', () => {
    const secret = 'sk-ant-ort01-secret';
    const sealed = Array.from({ length: 100 }, () => Buffer.from(vault.seal(secret, 'r', 'c').bytes));
    expect(new Set(sealed.map((bytes) => bytes.toString('hex'))).size).toBe(100);
    expect(sealed.some((bytes) => bytes.includes('secret'))).toBe(false);
  });

  it('still opens what an older key sealed', () => {
    const old = vaultWith('b', ['b', keyB]).seal('x', 'r', 'c');
    expect(vault.open(old, 'r', 'c')).toBe('x');
  });

  it('is locked without a key', () => {
    const locked = createVault();
    expect(locked.ready()).toBe(false);
    expect(() => locked.seal('x', 'r', 'c')).toThrow(expect.objectContaining({ code: 'vault_locked' }));
    const sealed = vault.seal('x', 'r', 'c');
    expect(() => locked.open(sealed, 'r', 'c')).toThrow(expect.objectContaining({ code: 'vault_locked' }));
  });
});

describe('attacks on sealed secrets', () => {
  it('ciphertext moved to another row or column', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (row, column, row2, column2) => {
        fc.pre(row !== row2 || column !== column2);
        const sealed = vault.seal('secret', row, column);
        expect(() => vault.open(sealed, row2, column2)).toThrow(unreadable);
      }),
    );
  });

  it('ciphertext with the id of another key', () => {
    const sealed = vault.seal('secret', 'r', 'c');
    expect(() => vault.open({ ...sealed, keyId: 'b' }, 'r', 'c')).toThrow(unreadable);
    const renamed = vaultWith('z', ['z', keyA]);
    expect(() => renamed.open({ ...sealed, keyId: 'z' }, 'r', 'c')).toThrow(unreadable);
    expect(() => vault.open({ ...sealed, keyId: 'gone' }, 'r', 'c')).toThrow(unreadable);
  });

  it('any changed, cut or added byte', () => {
    const sealed = vault.seal('secret', 'r', 'c');
    const changed = (bytes: Uint8Array): Sealed => ({ keyId: 'a', bytes });
    fc.assert(
      fc.property(fc.nat(sealed.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(sealed.bytes);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(() => vault.open(changed(bytes), 'r', 'c')).toThrow(unreadable);
        expect(() => vault.open(changed(sealed.bytes.subarray(0, at)), 'r', 'c')).toThrow(unreadable);
      }),
    );
    const longer = Buffer.concat([sealed.bytes, Buffer.from([0])]);
    expect(() => vault.open(changed(longer), 'r', 'c')).toThrow(unreadable);
  });

  it('a secret in the error', () => {
    const sealed = vault.seal('sk-ant-secret', 'r', 'c');
    try {
      vault.open(sealed, 'r', 'other');
    } catch (error) {
      expect(JSON.stringify([error, String(error)])).not.toContain('sk-ant');
    }
  });
});
