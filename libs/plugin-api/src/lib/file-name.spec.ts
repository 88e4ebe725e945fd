import { expect, it } from '@jest/globals';
import { isFileName } from './file-name.ts';

it.each(['model.json', '.hidden', '..wide', 'group1-shard1of2.bin', 'Gewichte für später'])(
  '"%s" is the name of a file',
  (name) => expect(isFileName(name)).toBe(true),
);

it.each(['', '.', '..', 'a/b', '/etc/passwd', '../up', 'a\\b', 'C:', 'a\0b'])(
  '"%s" is none, or of a file elsewhere',
  (name) => expect(isFileName(name)).toBe(false),
);
