import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visible, visibleJson } from './visible.ts';

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

it('escapes in JSON what would act, so that the same value is read', () => {
  const acts = [
    0x7f, 0x85, 0x9b, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069,
  ];
  const character = fc.oneof(
    fc.constantFrom(...acts.map((code) => String.fromCharCode(code))),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const text = fc.array(character).map((all) => all.join(''));
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.double())), (value) => {
      const json = visibleJson(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(json).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(visible(json)).toBe(json);
    }),
  );
});

it('leaves letters of JSON as they are', () => {
  expect(visibleJson({ größe: '猫 👩‍🚀 \\' })).toBe('{"größe":"猫 👩‍🚀 \\\\"}');
});
