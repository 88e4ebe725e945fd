import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { shellLine } from './shell-word.ts';

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(...'\'"\\$`!#~*; \t\n\r\v\u0007\u007f\u0085\u2028x0é%&|<>(){}[]'),
  }),
);

/** What bash takes a line for, in a locale of bytes and in none. */
function readByBash(line: string, locale: string): string[] {
  const script = `eval "set -- $(sed -n 2p)"; printf '%s\\0' "$@"`;
  const env = { PATH: process.env['PATH'], LC_ALL: locale };
  const input = `first\n${line}\nlast\n`;
  const { stdout } = spawnSync('bash', ['-c', script], { input, env, encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

it('is one word of one line to bash, whatever is in it', () => {
  const values = fc.sample(
    value.filter((text) => !text.includes('\0')),
    { numRuns: 2000, seed: 1 },
  );
  const line = shellLine(values);
  expect(line).not.toMatch(/[\n\r]/);
  for (const locale of ['C', 'C.UTF-8']) expect(readByBash(line, locale)).toEqual(values);
});

it('leaves alone what needs no quotes', () => {
  expect(shellLine(['/usr/bin/node', '--until', 'a=1:2,3%@+', "it's", '', 'a\nb'])).toBe(
    String.raw`/usr/bin/node --until a=1:2,3%@+ 'it'\''s' '' $'a\x0ab'`,
  );
});
