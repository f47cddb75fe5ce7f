import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

const parse = (...args: string[]) => parseCommandLine(args, { cwd: '/home/me' });

describe('command line', () => {
  it.each([
    [[], { dataDir: null, port: null, window: true, demo: false, provision: null, print: null }],
    [['--port', '0', '--no-window'], { port: 0, window: false }],
    [['--port=8080'], { port: 8080 }],
    [
      ['--data-dir', 'data', '--provision=/etc/p.json'],
      { dataDir: '/home/me/data', provision: '/etc/p.json' },
    ],
    [['/repo', '--no-sandbox', '--password-store=gnome-libsecret', '--demo'], { demo: true }],
    [['--remote-debugging-port=0', '--inspect=0', '.', '--version'], { print: 'version' }],
    [['--help'], { print: 'help' }],
    [['--no-window'], { task: 'serve' }],
    [['--restore-clients'], { task: 'restore-clients', window: false }],
  ])('reads %j', (args, expected) => {
    expect(parse(...args)).toMatchObject({ ok: true, value: expected });
  });

  it.each([
    [['--nonsense'], /unknown option --nonsense/],
    [['--port'], /--port needs a value/],
    [['--port', 'eighty'], /0 to 65535/],
    [['--port', '65536'], /0 to 65535/],
    [['--port', '-1'], /0 to 65535/],
    [['--data-dir='], /--data-dir needs a value/],
    [['--data-dir', '--no-window'], /--data-dir needs a value/],
    [['--demo=yes'], /unknown option --demo/],
    [['--__proto__'], /unknown option/],
  ])('says what is wrong with %j', (args, words) => {
    const result = parse(...args);
    expect(result.ok ? '' : result.message).toMatch(words);
  });
});
