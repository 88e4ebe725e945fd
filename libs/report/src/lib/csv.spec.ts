import { expect, it } from '@jest/globals';
import { csv } from './csv.ts';

const cells = (...row: (string | number | undefined)[]) => csv(['a'], [row]).split('\n')[1];

it('keeps numbers, and quotes texts', () => {
  expect(cells(-1, 1e-7, 0.5, 'snip (rounds 2, "kl")', undefined)).toBe(
    '-1,1e-7,0.5,"snip (rounds 2, ""kl"")",',
  );
  expect(csv(['a', 'b.c'], [])).toBe('a,b.c\n');
  expect(csv(['a,b', '=1+1'], [])).toBe('"a,b","\'=1+1"\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', "=cmd|'/c calc'!A0", '＝1'])(
  'makes no formula of the text %s',
  (text) => expect(cells(text)).toBe(`"'${text}"`),
);

it('writes one line a row', () => {
  expect(csv(['a'], [['a"b\nc,=1+1'], ['x\x1b[31m\t\r']])).toBe(
    'a\n"a""b\\nc,=1+1"\n"x\\x1b[31m\\t\\x0d"\n',
  );
});
