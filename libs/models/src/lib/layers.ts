import type { Sides } from '@winnow/plugin-api';

/** Pixels, the same on all sides or each side's own. */
export type Padding = number | Sides;

/** Height and width in pixels, or both as one number. */
export type Kernel = number | readonly [height: number, width: number];

/**
 * The vocabulary in which a network is written down once. `T` is what flows through it: tensors when the network is
 * evaluated, shapes when its layers are listed and its parameters counted.
 */
export interface Layers<T> {
  /**
   * 2-D convolution without bias unless said otherwise; parameters `NAME.weight` and perhaps `NAME.bias`. With `groups`, by
   * which both numbers of channels divide, each group of outputs sees its group of inputs alone; as many as there are
   * inputs make it depthwise.
   */
  conv(
    name: string,
    x: T,
    options: {
      channels: number;
      kernel: Kernel;
      stride?: number;
      padding?: Padding;
      bias?: boolean;
      groups?: number;
    },
  ): T;
  /**
   * Normalisation of images by channel, or of features, by batch statistics; then perhaps a residual sum and a ReLU.
   * Parameters `NAME.weight` and `NAME.bias`; ε is 1e-5 unless said otherwise.
   */
  normalize(
    name: string,
    x: T,
    options?: { residual?: T; relu?: boolean; epsilon?: number | undefined },
  ): T;
  relu(x: T): T;
  /** Times `slope`, 0.01 unless said otherwise, where it is negative. */
  leakyRelu(x: T, options?: { slope?: number }): T;
  /** ReLU cut off at 6. */
  relu6(x: T): T;
  /** x · Φ(x), exactly (Hendrycks and Gimpel, arXiv 1606.08415). */
  gelu(x: T): T;
  /** The sum of two of one shape. */
  add(x: T, y: T): T;
  /** The channels of images, or features, one after another; all else of their shapes is the same. */
  concat(parts: readonly [T, ...T[]]): T;
  /** The average of each window; without padding, which frameworks count in different ways. */
  averagePool(x: T, options: { size: Kernel; stride: number }): T;
  maxPool(x: T, options: { size: Kernel; stride: number; padding?: Padding }): T;
  /** Every `stride`-th pixel, and zeros for the channels to come, half of them on each side: He et al.'s shortcut A. */
  subsample(x: T, options: { stride: number; channels: number }): T;
  /** Images → features [batch, channels]. */
  globalAveragePool(x: T): T;
  /**
   * Images → features [batch, channels · height · width] in PyTorch's order, or [batch, height · width · channels] in
   * TensorFlow's with `channels-last`.
   */
  flatten(x: T, options?: { order?: 'channels-first' | 'channels-last' }): T;
  /** Parameters `NAME.weight` and, unless `bias` is false, `NAME.bias`. */
  linear(name: string, x: T, options: { units: number; prunable?: boolean; bias?: boolean }): T;
}

/** A network, from its images to its logits. */
export type Architecture = <T>(layers: Layers<T>, images: T, classes: number) => T;
