import type { MaskLayer } from '../worker/search-api.ts';

/** A colour as a canvas holds it, little-endian: 0xAABBGGRR. */
export type Pixel = number;

export interface MaskColours {
  /** By tint, from 0 to 255. */
  readonly tints: readonly Pixel[];
  readonly leading: Pixel;
  /** Of channels that keep nothing. */
  readonly dead: Pixel;
}

/** Pixels of the longer side of a tile, at most. */
const SIDE = 384;
/** Of a leading weight, so that one among thousands is seen. */
const LEAST_DOT = 5;

/** How a layer lies in its tile: kernels beside one another, outputs as rows; or as columns, where rows would be a strip. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** Pixels a weight. */
  readonly scale: number;
  /** The flat index of the weight at each place, row by row. */
  readonly indices: Int32Array;
}

/** A tile this many times as high as it is wide is turned. */
const STRIP = 4;

export function tileOf({ shape }: Pick<MaskLayer, 'shape'>): Tile {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
  const turned = outputs * height > STRIP * inputs * width;
  const [down, across] = turned ? [inputs, outputs] : [outputs, inputs];
  const [rows, columns] = [down * height, across * width];
  const indices = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [i, j] = [Math.floor(row / height), Math.floor(column / width)];
      const [output, input] = turned ? [j, i] : [i, j];
      const kernel = (output * inputs + input) * height * width;
      indices[row * columns + column] = kernel + (row % height) * width + (column % width);
    }
  const scale = Math.max(1, Math.floor(SIDE / Math.max(rows, columns)));
  return { rows, columns, scale, indices };
}

export interface Painted {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
}

/** For each weight, whether its output keeps any. */
function isLiving(outputs: number, kept: Uint8Array): (index: number) => boolean {
  const size = kept.length / outputs;
  const living = Array.from({ length: outputs }, (_, output) =>
    kept.subarray(output * size, (output + 1) * size).includes(1),
  );
  return (index) => living[Math.floor(index / size)]!;
}

function dot(
  { width, height, pixels }: Painted,
  top: number,
  left: number,
  side: number,
  colour: Pixel,
) {
  const [from, to] = [Math.max(0, left), Math.min(width, left + side)];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
    pixels.fill(colour, y * width + from, y * width + to);
}

/** Paints a layer's part of a mask. */
export function paintLayer(
  { shape }: Pick<MaskLayer, 'shape'>,
  { rows, columns, scale, indices }: Tile,
  tints: Uint8Array,
  kept: Uint8Array,
  colours: MaskColours,
): Painted {
  const [width, height] = [columns * scale, rows * scale];
  const painted: Painted = { width, height, pixels: new Uint32Array(width * height) };
  const { pixels } = painted;
  const lives = isLiving(shape[0] ?? 1, kept);
  const leading: number[] = [];
  for (let row = 0; row < rows; row++) {
    const line = row * scale * width;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const index = indices[at]!;
      const colour = lives(index) ? colours.tints[tints[index]!]! : colours.dead;
      pixels.fill(colour, line + column * scale, line + (column + 1) * scale);
      if (kept[index] === 1) leading.push(at);
    }
    for (let copy = 1; copy < scale; copy++)
      pixels.copyWithin(line + copy * width, line, line + width);
  }
  const side = Math.max(scale, LEAST_DOT);
  const shift = Math.floor((side - scale) / 2);
  for (const at of leading) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    dot(painted, row * scale - shift, column * scale - shift, side, colours.leading);
  }
  return painted;
}
