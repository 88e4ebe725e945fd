import { expect, it } from '@jest/globals';
import { flagsAsKeys, flagsIn } from './flags-in-text.ts';

const TEXT = 'Give fewer --fine-tune-epochs without --fine-tune; --help tells.';

it('finds flags in their order', () => {
  expect(flagsIn(TEXT)).toEqual(['fine-tune-epochs', 'fine-tune', 'help']);
});

it('has keys for flags, one that begins like another apart', () => {
  expect(flagsAsKeys(TEXT, (name) => (name === 'fine-tune' ? 'fineTune' : name))).toBe(
    'Give fewer "fine-tune-epochs" without "fineTune"; --help tells.',
  );
});
