import type { ImageShape } from './dataset.ts';

/** Pixels of padding. */
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What a layer puts out for one image: an image, or a vector of `units` features. */
export type GraphShape = ImageShape | { readonly units: number };

/** A value that flows through a network: 0 is the images, i the output of the i-th layer, counted from 1. */
export type GraphValue = number;

/** Where a convolution or a pooling looks, step by step. */
export interface SlidingWindow {
  /** Height and width in pixels. */
  readonly kernel: readonly [number, number];
  /** Pixels, in both directions. */
  readonly stride: number;
  readonly padding: Sides;
}

/** What each kind of layer does to its input `x`; parameters and statistics are named as in `ParameterSpec`. */
export type GraphLayer = { readonly x: GraphValue; readonly shape: GraphShape } & (
  | ({
      /** 2-D convolution by `NAME.weight`, and plus `NAME.bias` where `bias`; zeros around. */
      readonly op: 'conv';
      readonly name: string;
      readonly channels: number;
      readonly bias: boolean;
      /** Of channels, each group of outputs seeing its group of inputs alone; 1 when left out. */
      readonly groups?: number;
      /** Pixels from one weight of a kernel to the next; 1 when left out. */
      readonly dilation?: number;
    } & SlidingWindow)
  | {
      /**
       * Normalisation by channel with `NAME.weight` and `NAME.bias`, then plus `residual`, then ReLU; frozen, by
       * `NAME.running_mean` and `NAME.running_var`. Without `scale` there is no `NAME.weight`, without `shift` no
       * `NAME.bias`; both are there when left out.
       */
      readonly op: 'normalize';
      readonly name: string;
      readonly scale?: boolean;
      readonly shift?: boolean;
      readonly epsilon: number;
      readonly residual?: GraphValue;
      readonly relu: boolean;
    }
  | { readonly op: 'relu' }
  /** Times `slope` where it is negative. */
  | { readonly op: 'leaky-relu'; readonly slope: number }
  /** Cut off at 0 and at 6. */
  | { readonly op: 'relu6' }
  /** x · Φ(x), of the normal distribution's Φ and no approximation to it. */
  | { readonly op: 'gelu' }
  | { readonly op: 'tanh' }
  /** 1 / (1 + e⁻ˣ) */
  | { readonly op: 'sigmoid' }
  /** x, and below 0 eˣ − 1. */
  | { readonly op: 'elu' }
  /** x / (1 + e⁻ˣ) */
  | { readonly op: 'silu' }
  /** x · factor + offset, of each number. */
  | { readonly op: 'affine'; readonly factor: number; readonly offset: number }
  | { readonly op: 'add'; readonly y: GraphValue }
  /** Number by number; where `y` is images of one pixel, each pixel of `x` times that. */
  | { readonly op: 'multiply'; readonly y: GraphValue }
  /** The channels, or features, of `x` and then of each of `others`. */
  | { readonly op: 'concat'; readonly others: readonly GraphValue[] }
  /** Maximum of each window; the padding is less than every number. */
  | ({ readonly op: 'max-pool' } & SlidingWindow)
  /** Average of each window's pixels, of which padding is none. */
  | ({ readonly op: 'average-pool'; readonly padding?: Sides } & Omit<SlidingWindow, 'padding'>)
  /** Zeros around images. */
  | { readonly op: 'pad'; readonly sides: Sides }
  /** The same numbers, row by row, pixel by pixel, channel by channel, in its `shape`. */
  | { readonly op: 'reshape' }
  /** Every `stride`-th pixel, then `before` and `after` channels of zeros on the two sides. */
  | {
      readonly op: 'subsample';
      readonly stride: number;
      readonly before: number;
      readonly after: number;
    }
  | { readonly op: 'global-average-pool' }
  /** `channels-first` is PyTorch's order of the features, `channels-last` TensorFlow's. */
  | { readonly op: 'flatten'; readonly order: 'channels-first' | 'channels-last' }
  /** `x · NAME.weightᵀ`, and plus `NAME.bias` where `bias`. */
  | { readonly op: 'linear'; readonly name: string; readonly bias: boolean }
);

/** A value that `forward` passes to `capture`, and under which name. */
export interface ShownValue {
  readonly name: string;
  readonly value: GraphValue;
}

/** A network as data: its layers in the order in which they can be computed, from images to logits. */
export interface NetworkGraph {
  readonly layers: readonly GraphLayer[];
  readonly logits: GraphValue;
  /** In the order in which they are shown. Without it objectives that need activations are computed by `forward`. */
  readonly activations?: readonly ShownValue[];
}
