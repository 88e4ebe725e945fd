import { expect, it } from '@jest/globals';
import { terminalTable } from './terminal-table.ts';

it('frames rows, and of very many gives a line each, control characters spelt out', () => {
  const rows = [['a\x1b', 1]];
  expect(terminalTable({ columns: ['name', 'n'], rows })).toMatch(/│ a\\x1b │ 1 │/);
  const many = Array.from({ length: 501 }, () => rows[0]!);
  const lines = terminalTable({ columns: ['name', 'n'], rows: many }).split('\n');
  expect(lines.slice(0, 2)).toEqual(['name   n', 'a\\x1b  1']);
  expect(lines).toHaveLength(503);
});
