import type {
  GraphLayer,
  GraphShape,
  GraphValue,
  ImageShape,
  SlidingWindow,
} from '@winnow/plugin-api';

/** use(x, y) with each pair of an input and an output, of one image, that a layer ties together. */
export type Pairs = (use: (x: number, y: number) => void) => void;

/** What a layer adds up of one of its inputs: factor · x over pairs. */
export interface Moved {
  readonly x: GraphValue;
  readonly pairs: Pairs;
  readonly factor: number;
}

interface Windows {
  readonly stride: number;
  readonly padding: Pick<SlidingWindow['padding'], 'top' | 'left'>;
  readonly dilation?: number;
}

type Moving = Extract<
  GraphLayer,
  {
    readonly op:
      | 'concat'
      | 'average-pool'
      | 'subsample'
      | 'global-average-pool'
      | 'flatten'
      | 'pad'
      | 'reshape';
  }
>;

export const asImage = (shape: GraphShape): ImageShape =>
  'units' in shape ? { height: 1, width: 1, channels: shape.units } : shape;

/** Where windows look, at one place in them, pixel by pixel: use(pixel of the input, pixel of the output). */
export function pixelsOf(
  { stride, padding, dilation = 1 }: Windows,
  from: ImageShape,
  to: ImageShape,
  [row, column]: readonly [number, number],
  use: (from: number, to: number) => void,
): void {
  for (let r = 0; r < to.height; r++)
    for (let c = 0; c < to.width; c++) {
      const y = r * stride - padding.top + row * dilation;
      const x = c * stride - padding.left + column * dilation;
      if (y >= 0 && y < from.height && x >= 0 && x < from.width)
        use(y * from.width + x, r * to.width + c);
    }
}

/** Each pixel's channels, which are `channels` of an input and go to the output's from `before` on. */
function channelsOf(pixels: number, channels: number, before: number, all: number): Pairs {
  return (use) => {
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < channels; c++) use(p * channels + c, p * all + before + c);
  };
}

/** Windows by the number of pixels that they see, which padding lessens. */
function averages(
  { x, kernel, stride, padding, shape }: Extract<Moving, { readonly op: 'average-pool' }>,
  from: ImageShape,
): Moved[] {
  const [height, width] = kernel;
  const to = asImage(shape);
  const windows = { stride, padding: padding ?? { top: 0, left: 0 } };
  const { channels } = from;
  const each: Pairs = (use) => {
    for (let at = 0; at < height * width; at++)
      pixelsOf(windows, from, to, [Math.floor(at / width), at % width], use);
  };
  const counts = new Uint32Array(to.height * to.width);
  each((_, window) => counts[window]!++);
  return [...new Set(counts)].map((count) => ({
    x,
    factor: 1 / count,
    pairs: (use) =>
      each((pixel, window) => {
        if (counts[window] !== count) return;
        for (let c = 0; c < channels; c++) use(pixel * channels + c, window * channels + c);
      }),
  }));
}

/** Every `stride`-th pixel, each number at the place that `placeOf` tells. */
function placed(
  { height, width, channels }: ImageShape,
  stride: number,
  placeOf: (row: number, column: number, channel: number) => number,
): Pairs {
  return (use) => {
    for (let row = 0; row < height; row += stride)
      for (let column = 0; column < width; column += stride)
        for (let c = 0; c < channels; c++)
          use((row * width + column) * channels + c, placeOf(row, column, c));
  };
}

/** What a layer without parameters makes of its inputs, whose shapes are given by value. */
export function movedOf(layer: Moving, shapes: readonly ImageShape[]): Moved[] {
  const { x } = layer;
  const from = shapes[x]!;
  const { height, width, channels } = from;
  const to = asImage(layer.shape);
  switch (layer.op) {
    case 'concat': {
      let before = 0;
      return [x, ...layer.others].map((part) => {
        const count = shapes[part]!.channels;
        const pairs = channelsOf(height * width, count, before, to.channels);
        before += count;
        return { x: part, pairs, factor: 1 };
      });
    }
    case 'average-pool':
      return averages(layer, from);
    case 'pad': {
      const { top, left } = layer.sides;
      const placeOf = (row: number, column: number, channel: number) =>
        ((row + top) * to.width + column + left) * channels + channel;
      return [{ x, pairs: placed(from, 1, placeOf), factor: 1 }];
    }
    case 'reshape':
      return [{ x, pairs: channelsOf(height * width, channels, 0, channels), factor: 1 }];
    case 'subsample': {
      const { stride, before } = layer;
      const placeOf = (row: number, column: number, channel: number) =>
        ((row / stride) * to.width + column / stride) * to.channels + before + channel;
      return [{ x, pairs: placed(from, stride, placeOf), factor: 1 }];
    }
    case 'global-average-pool':
      return [
        { x, pairs: placed(from, 1, (_, __, channel) => channel), factor: 1 / (height * width) },
      ];
    case 'flatten': {
      const last = layer.order === 'channels-last';
      const placeOf = (row: number, column: number, channel: number) => {
        const pixel = row * width + column;
        return last ? pixel * channels + channel : channel * height * width + pixel;
      };
      return [{ x, pairs: placed(from, 1, placeOf), factor: 1 }];
    }
  }
}
