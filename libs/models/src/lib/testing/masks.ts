import { hashed } from '@winnow/golden';
import type { Network } from '@winnow/plugin-api';

/**
 * What a layer keeps: so many of its weights, of its output or of its input channels; of its weights the more the later
 * their output channel (`slope`); or `one` weight.
 */
export interface KeptOfLayer {
  readonly by: 'weight' | 'output' | 'input' | 'slope' | 'one';
  readonly density: number;
}

/** What each of `count` prunable layers keeps; a number is the share of its weights. */
export type Densities = (layer: number, count: number) => number | KeptOfLayer;

export const MASKS = {
  'all weights': () => 1,
  '10 %': () => 0.1,
  '2 %': () => 0.02,
  '0.74 %': () => 0.0074,
  'few weights of the first layers': (i, count) => 0.01 + 0.3 * ((i + 1) / count) ** 3,
  'few weights of the last layers': (i, count) => 0.01 + 0.3 * ((count - i) / count) ** 3,
  'no weight of one layer': (i, count) => (i === count >> 1 ? 0 : 0.1),
  'no weight': () => 0,
  '60 %': () => 0.6,
  'all weights of the first layers, few of the last, none of one': (i, count) => {
    if (i === count >> 1) return 0;
    return i < count / 2 ? 1 : 0.02;
  },
  'most weights of the second and third layer, 1 % of the others': (i) =>
    i === 1 || i === 2 ? 0.6 : 0.01,
} satisfies Record<string, Densities>;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Of [out, in, …]. */
function keptOf(shape: readonly number[], { by, density }: KeptOfLayer, stream: number) {
  const [size, outputs, inputs] = [sizeOf(shape), shape[0]!, shape[1]!];
  const draws = hashed(size, stream, 0, 1);
  const output = (i: number) => Math.floor((i * outputs) / size);
  const input = (i: number) => Math.floor((i * outputs * inputs) / size) % inputs;
  const keeps = {
    weight: (i: number) => draws[i]! < density,
    output: (i: number) => draws[output(i)]! < density,
    input: (i: number) => draws[input(i)]! < density,
    slope: (i: number) => draws[i]! < (2 * density * (output(i) + 1)) / (outputs + 1),
    one: (i: number) => i === Math.floor(draws[0]! * size),
  }[by];
  const kept = new Uint8Array(size);
  for (let i = 0; i < size; i++) kept[i] = keeps(i) ? 1 : 0;
  return kept;
}

/** One entry a parameter, packed; all that is not prunable is kept. */
export function maskOf({ parameters }: Network, densities: Densities, stream = 0): Uint8Array {
  const mask = new Uint8Array(parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  const count = parameters.filter((p) => p.prunable).length;
  let [layer, at] = [0, 0];
  for (const [i, { shape, prunable }] of parameters.entries()) {
    const density = prunable ? densities(layer++, count) : 1;
    const kept = typeof density === 'number' ? ({ by: 'weight', density } as const) : density;
    mask.set(keptOf(shape, kept, 1000 + i + stream), at);
    at += sizeOf(shape);
  }
  return mask;
}
