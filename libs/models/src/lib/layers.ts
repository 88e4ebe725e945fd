/**
 * The vocabulary in which a network is written down once. `T` is what flows through it: tensors when the network is
 * evaluated, shapes when its parameters are counted.
 */
export interface Layers<T> {
  /** 2-D convolution without bias unless said otherwise; parameters `NAME.weight` and perhaps `NAME.bias`. */
  conv(
    name: string,
    x: T,
    options: {
      channels: number;
      kernel: number;
      stride?: number;
      padding?: number;
      bias?: boolean;
    },
  ): T;
  /** Normalisation by batch statistics, then perhaps a residual sum and a ReLU; parameters `NAME.weight` and `NAME.bias`. */
  normalize(name: string, x: T, options?: { residual?: T; relu?: boolean }): T;
  relu(x: T): T;
  maxPool(x: T, options: { size: number; stride: number; padding?: number }): T;
  /** Every `stride`-th pixel, and zeros for the channels to come, half of them on each side: He et al.'s shortcut A. */
  subsample(x: T, options: { stride: number; channels: number }): T;
  /** Images → features [batch, channels]. */
  globalAveragePool(x: T): T;
  /** Images → features [batch, channels · height · width]. */
  flatten(x: T): T;
  /** Parameters `NAME.weight` and `NAME.bias`. */
  linear(name: string, x: T, options: { units: number; prunable?: boolean }): T;
}

/** A network, from its images to its logits. */
export type Architecture = <T>(layers: Layers<T>, images: T, classes: number) => T;
