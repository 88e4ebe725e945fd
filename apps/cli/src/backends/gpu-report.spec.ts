import { expect, it } from '@jest/globals';
import { anonymous } from './gpu-report.ts';

it.each([
  ["Cannot open 'C:\\Users\\John Smith\\.cache\\x.node'.", "Cannot open 'PATH'."],
  ['Cannot open C:\\Users\\John Smith\\x.node is not valid', 'Cannot open PATH is not valid'],
  ['josé on büro: /home/josé/x.node fails', 'NAME on NAME: PATH fails'],
  ['josélito keeps his name', 'josélito keeps his name'],
  ['John Smith', 'NAME'],
])('of "%s" a report says "%s"', (text, told) => {
  expect(anonymous(text, ['josé', 'büro', 'John Smith', ''])).toBe(told);
});
