import { expect, it } from '@jest/globals';
import { visible } from './visible.ts';

it.each([
  ['colours and titles of a terminal', '\x1b[31mred\x1b]0;pwn\x07', '\\x1b[31mred\\x1b]0;pwn\\x07'],
  ['what moves over the line', 'a\rb\bc', 'a\\x0db\\x08c'],
  ['escapes of one character', 'a\x9b31m', 'a\\x9b31m'],
  ['writing that runs backwards', 'd\u202egnp', 'd\\u202egnp'],
  ['half a character, which no XML holds', 'a\ud83d\0', 'a\\ud83d\\x00'],
  ['separators that break lines', 'a\u2028b', 'a\\u2028b'],
])('spells out %s', (_, text, seen) => expect(visible(text)).toBe(seen));

it('leaves text as it is, its lines and columns too', () => {
  const text = 'Größe 5 %\n\t「猫」 👩‍🚀 κ ± <b>&';
  expect(visible(text)).toBe(text);
});
