import { describe, expect, it } from '@jest/globals';
import { type Augmentation, augment } from './augmentation.ts';

const NEARLY_1 = 1 - 2 ** -24;

function places(augmentation: Augmentation, uniforms: readonly number[]) {
  const rows = new Int32Array(3);
  const columns = new Int32Array(4);
  augment(augmentation, Float32Array.from(uniforms), rows, columns);
  return { rows: [...rows], columns: [...columns] };
}

describe('augment', () => {
  // PyTorch's reflect padding of [0, 1, 2, 3] by 2 is [2, 1, 0, 1, 2, 3, 2, 1], that of [0, 1, 2] is [2, 1, 0, 1, 2, 1, 0].
  it('crops out of the image reflected without its edge', () => {
    const padding = { padding: 2, flip: false };
    expect(places(padding, [0, 0, 0])).toEqual({ rows: [2, 1, 0], columns: [2, 1, 0, 1] });
    expect(places(padding, [0, 0.5, 0.5])).toEqual({ rows: [0, 1, 2], columns: [0, 1, 2, 3] });
    expect(places(padding, [0, NEARLY_1, NEARLY_1])).toEqual({
      rows: [2, 1, 0],
      columns: [2, 3, 2, 1],
    });
  });

  // [3, 2, 1, 0] padded by 2 is [1, 2, 3, 2, 1, 0, 1, 2].
  it('flips before it crops, for half of the draws', () => {
    const both = { padding: 2, flip: true };
    expect(places(both, [0.49, 0.5, 0]).columns).toEqual([1, 2, 3, 2]);
    expect(places(both, [0.51, 0.5, 0]).columns).toEqual([2, 1, 0, 1]);
  });

  it('draws every shift equally often', () => {
    const starts = Array.from({ length: 900 }, (_, i) => {
      const columns = new Int32Array(32);
      const uniforms = Float32Array.of(0.9, 0.5, (i + 0.5) / 900);
      augment({ padding: 4, flip: true }, uniforms, new Int32Array(32), columns);
      return 2 * columns[10]! - columns[9]! - 10; // far from the borders
    });
    for (let shift = -4; shift <= 4; shift++) {
      expect(starts.filter((s) => s === shift + 1)).toHaveLength(100);
    }
  });
});
