import { describe, expect, it } from '@jest/globals';
import { matchPrunable, prunableOf } from './layer-pattern.ts';
import type { ParameterSpec } from './model.ts';

const parameters = ['stem.weight', 'stem.bias', 'stage1.conv.weight', 'stage11.conv.weight'].map(
  (name) => ({ name, prunable: !name.endsWith('bias') }) as ParameterSpec,
);

it('takes the prunable parameters in their order', () => {
  const names = prunableOf({ parameters }).map(({ name }) => name);
  expect(names).toEqual(['stem.weight', 'stage1.conv.weight', 'stage11.conv.weight']);
});

describe(matchPrunable, () => {
  it.each([
    ['stem.weight', ['stem.weight']],
    ['stem.*', ['stem.weight']],
    ['stage1.*', ['stage1.conv.weight']],
    ['*conv*', ['stage1.conv.weight', 'stage11.conv.weight']],
    ['*', ['stem.weight', 'stage1.conv.weight', 'stage11.conv.weight']],
  ])('%s', (pattern, names) => {
    expect(matchPrunable(parameters, pattern)).toEqual(names);
  });

  it.each(['stemXweight', 'stem', '', 'stem.bias', '('])(
    'refuses "%s", which names none',
    (bad) => {
      expect(() => matchPrunable(parameters, bad)).toThrow(
        expect.objectContaining({ code: 'BAD_LAYER' }),
      );
    },
  );
});
