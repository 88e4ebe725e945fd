import type { MaskLayer } from '../work/search-api.ts';

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
  /** Row and column of a weight, by its flat index. */
  place(index: number): readonly [row: number, column: number];
}

const FLAT = 4;

export function tileOf({ shape }: Pick<MaskLayer, 'shape'>): Tile {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
  const [down, across] = [outputs * height, inputs * width];
  const turned = down > FLAT * across;
  const [rows, columns] = turned ? [inputs * height, outputs * width] : [down, across];
  return {
    rows,
    columns,
    scale: Math.max(1, Math.floor(SIDE / Math.max(rows, columns))),
    place(index) {
      const x = index % width;
      const y = Math.floor(index / width) % height;
      const kernel = Math.floor(index / (width * height));
      const [input, output] = [kernel % inputs, Math.floor(kernel / inputs)];
      const [row, column] = turned ? [input, output] : [output, input];
      return [row * height + y, column * width + x];
    },
  };
}

/** Which outputs keep any weight. */
function livingOutputs(outputs: number, kept: Uint8Array): boolean[] {
  const size = kept.length / outputs;
  return Array.from({ length: outputs }, (_, output) =>
    kept.subarray(output * size, (output + 1) * size).includes(1),
  );
}

/** Paints a layer's part of a mask, one flat index after another, into pixels of its tile. */
export function paintLayer(
  layer: Pick<MaskLayer, 'shape'>,
  tints: Uint8Array,
  kept: Uint8Array,
  colours: MaskColours,
): { readonly width: number; readonly height: number; readonly pixels: Uint32Array } {
  const tile = tileOf(layer);
  const { scale } = tile;
  const [width, height] = [tile.columns * scale, tile.rows * scale];
  const pixels = new Uint32Array(width * height).fill(colours.dead);
  const [outputs = 1] = layer.shape;
  const living = livingOutputs(outputs, kept);
  const square = (index: number, colour: Pixel, side: number) => {
    const [row, column] = tile.place(index);
    const shift = Math.floor((side - scale) / 2);
    const [top, left] = [row * scale - shift, column * scale - shift];
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
      pixels.fill(colour, y * width + Math.max(0, left), y * width + Math.min(width, left + side));
  };
  const size = kept.length / outputs;
  for (let i = 0; i < kept.length; i++)
    if (living[Math.floor(i / size)]) square(i, colours.tints[tints[i]!]!, scale);
  for (let i = 0; i < kept.length; i++)
    if (kept[i] === 1) square(i, colours.leading, Math.max(scale, LEAST_DOT));
  return { width, height, pixels };
}
