import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export const COLUMNS_TO_IMAGE = 'WinnowColumnsToImage';

export interface ColumnsAttributes {
  readonly inputShape: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Padding above and to the left. */
  readonly padding: readonly [number, number];
}

/**
 * Adds patches back to where they were cut from: columns [n, outHeight, outWidth, kernelHeight · kernelWidth · channels]
 * → images of `inputShape` [n, height, width, channels].
 */
export const columnsToImage: ArrayKernel<ColumnsAttributes> = {
  name: COLUMNS_TO_IMAGE,
  outputShapes: (_, { inputShape }) => [inputShape],
  compute(inputs, [image], { inputShape, kernel, stride, padding }) {
    const { shape, values: columns } = inputs['columns'] as KernelInput;
    const [batch, outHeight, outWidth] = shape as [number, number, number];
    const [, height, width, channels] = inputShape;
    image!.fill(0);
    let at = 0;
    for (let n = 0; n < batch; n++)
      for (let oh = 0; oh < outHeight; oh++)
        for (let ow = 0; ow < outWidth; ow++)
          for (let kh = 0; kh < kernel[0]; kh++) {
            const h = oh * stride[0] + kh - padding[0];
            for (let kw = 0; kw < kernel[1]; kw++, at += channels) {
              const w = ow * stride[1] + kw - padding[1];
              if (h < 0 || h >= height || w < 0 || w >= width) continue;
              const to = ((n * height + h) * width + w) * channels;
              for (let c = 0; c < channels; c++) image![to + c]! += columns[at + c]!;
            }
          }
  },
};
