import { describe, expect, it } from '@jest/globals';
import { scalarsOf } from './scalars.ts';

describe(scalarsOf, () => {
  it('gives a step’s numbers under its phase, and none of a step that has none', () => {
    const step = { step: 3, steps: 9, epoch: 0, epochs: 2, images: 8 };
    const values = { loss: 0.5, learningRate: 0 };
    expect(scalarsOf({ type: 'step', phase: 'train', ...step, values })).toEqual([
      { group: 'train', tag: 'train/loss', step: 3, value: 0.5 },
      { group: 'train', tag: 'train/learningRate', step: 3, value: 0 },
    ]);
    expect(scalarsOf({ type: 'step', phase: 'evaluate', ...step, values: {} })).toEqual([]);
    expect(scalarsOf({ type: 'phase', phase: 'train' })).toEqual([]);
  });

  it('keeps a validation apart from the step after which it was', () => {
    const numbers = { validationAccuracy: 0.25, validationLoss: 2 };
    const event = { type: 'validation', phase: 'train', step: 8, epoch: 1, ...numbers } as const;
    expect(scalarsOf(event)).toEqual([
      { group: 'validation', tag: 'validation/accuracy', step: 8, value: 0.25 },
      { group: 'validation', tag: 'validation/loss', step: 8, value: 2 },
    ]);
  });

  it('tells what a ticket keeps of everything, and of each layer', () => {
    const layers = [
      { name: 'stem.conv.weight', kept: 1, size: 4 },
      { name: 'head.fc.weight', kept: 2, size: 4 },
    ];
    expect(scalarsOf({ type: 'ticket', kept: 3, size: 8, layers })).toEqual([
      { group: 'ticket', tag: 'ticket/density', step: 0, value: 0.375 },
      { group: 'ticket', tag: 'layer-density/stem.conv.weight', step: 0, value: 0.25 },
      { group: 'ticket', tag: 'layer-density/head.fc.weight', step: 0, value: 0.5 },
    ]);
  });
});
