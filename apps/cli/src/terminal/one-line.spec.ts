import { expect, it } from '@jest/globals';
import { oneLine } from './one-line.ts';

it('joins lines, and spells out what would act on a terminal', () => {
  expect(oneLine(' no\x1b[31mred\x1b]0;pwn\x07such\r\n  Give  another.\n')).toBe(
    'no\\x1b[31mred\\x1b]0;pwn\\x07such Give  another.',
  );
});
