import type { GraphShape, Sides } from '@winnow/plugin-api';

/** Pixels, the same on all sides or each side's own. */
export type Padding = number | Sides;

/** Height and width in pixels, or both as one number. */
export type Kernel = number | readonly [height: number, width: number];

/** `shared`: the layer has the parameters of an earlier one of its name and kind, and adds none. */
export interface Shared {
  shared?: boolean;
}

/**
 * The vocabulary in which a network is written down once. `T` is what flows through it: tensors when the network is
 * evaluated, shapes when its layers are listed and its parameters counted.
 */
export interface Layers<T> {
  /**
   * 2-D convolution without bias unless said otherwise; parameters `NAME.weight` and perhaps `NAME.bias`. With `groups`, by
   * which both numbers of channels divide, each group of outputs sees its group of inputs alone; as many as there are
   * inputs make it depthwise. `dilation`: pixels from one weight of a kernel to the next, 1 unless said otherwise.
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
      dilation?: number;
    } & Shared,
  ): T;
  /**
   * Normalisation of images by channel, or of features, by batch statistics; then perhaps a residual sum and a ReLU.
   * Parameters `NAME.weight` and `NAME.bias`, unless `scale` or `shift` is false; ε is 1e-5 unless said otherwise.
   */
  normalize(
    name: string,
    x: T,
    options?: {
      residual?: T;
      relu?: boolean;
      epsilon?: number | undefined;
      scale?: boolean;
      shift?: boolean;
    } & Shared,
  ): T;
  relu(x: T): T;
  /** Times `slope`, 0.01 unless said otherwise, where it is negative. */
  leakyRelu(x: T, options?: { slope?: number }): T;
  /** ReLU cut off at 6. */
  relu6(x: T): T;
  /** x · Φ(x), exactly (Hendrycks and Gimpel, arXiv 1606.08415). */
  gelu(x: T): T;
  tanh(x: T): T;
  /** 1 / (1 + e⁻ˣ) */
  sigmoid(x: T): T;
  /** x, and below 0 eˣ − 1 (Clevert et al., arXiv 1511.07289, with α = 1). */
  elu(x: T): T;
  /** x / (1 + e⁻ˣ), also called swish (Ramachandran et al., arXiv 1710.05941, with β = 1). */
  silu(x: T): T;
  /** Of each number, x · factor + offset. */
  affine(x: T, options: { factor: number; offset: number }): T;
  /** The sum of two of one shape. */
  add(x: T, y: T): T;
  /** The product of two of one shape, number by number; where `y` is images of one pixel, each pixel of `x` times that. */
  multiply(x: T, y: T): T;
  /** The channels of images, or features, one after another; all else of their shapes is the same. */
  concat(parts: readonly [T, ...T[]]): T;
  /** The average of each window's pixels; padding is none, as in TensorFlow, and not a zero. */
  averagePool(x: T, options: { size: Kernel; stride: number; padding?: Padding }): T;
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
  /** Zeros around images. */
  pad(x: T, sides: Padding): T;
  /** The same numbers, row by row, pixel by pixel, channel by channel, in another shape. */
  reshape(x: T, shape: GraphShape): T;
  /** Parameters `NAME.weight` and, unless `bias` is false, `NAME.bias`. */
  linear(
    name: string,
    x: T,
    options: { units: number; prunable?: boolean; bias?: boolean } & Shared,
  ): T;
}

/** A network, from its images to its logits. */
export type Architecture = <T>(layers: Layers<T>, images: T, classes: number) => T;
