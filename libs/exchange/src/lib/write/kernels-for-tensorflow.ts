import type { FloatTensor } from '@winnow/files';

/** [out, in, h, w] → [h, w, in, out] */
export function kernelForTensorflow({ shape, data }: FloatTensor): FloatTensor {
  const [outputs = 0, inputs = 0, height = 0, width = 0] = shape;
  const places = height * width;
  const moved = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < places; p++)
        moved[(p * inputs + i) * outputs + o] = data[(o * inputs + i) * places + p]!;
    }
  }
  return { shape: [height, width, inputs, outputs], data: moved };
}

/** [in · multiplier, 1, h, w] → [h, w, in, multiplier] */
export function depthwiseForTensorflow(kernel: FloatTensor, channels: number): FloatTensor {
  const [outputs = 0, , height = 0, width = 0] = kernel.shape;
  const { data } = kernelForTensorflow(kernel);
  return { shape: [height, width, channels, outputs / channels], data };
}

/** The outputs of one group. */
export function kernelOfGroup(
  { shape, data }: FloatTensor,
  group: number,
  groups: number,
): FloatTensor {
  const [outputs = 0, ...each] = shape;
  const size = data.length / groups;
  return {
    shape: [outputs / groups, ...each],
    data: data.subarray(group * size, (group + 1) * size),
  };
}
