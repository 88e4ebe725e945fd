import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export const TURNED_FILTER = 'WinnowTurnedFilter';

/**
 * filter [height, width, inputs, outputs] turned by half a circle, with inputs and outputs exchanged:
 * [height, width, outputs, inputs].
 */
export const turnedFilter: ArrayKernel<object> = {
  name: TURNED_FILTER,
  outputShapes: ({ filter }) => {
    const [height, width, inputs, outputs] = filter as [number, number, number, number];
    return [[height, width, outputs, inputs]];
  },
  compute({ filter }, [turned]) {
    const { shape, values } = filter as KernelInput;
    const [height, width, inputs, outputs] = shape as [number, number, number, number];
    let from = 0;
    for (let position = height * width - 1; position >= 0; position--)
      for (let i = 0; i < inputs; i++) {
        let to = position * inputs * outputs + i;
        for (let o = 0; o < outputs; o++, to += inputs) turned![to] = values[from++]!;
      }
  },
};
