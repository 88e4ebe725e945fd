import fc from 'fast-check';
import type { ImageShape } from '@winnow/plugin-api';
import type { Architecture, Layers } from '../layers.ts';
import { networkFrom } from '../network.ts';
import { MaskedNetwork } from './masked-network.ts';
import type { KeptOfLayer } from './masks.ts';

interface DrawnLayer {
  readonly kind: 'conv' | 'depthwise' | 'block' | 'fork' | 'add' | 'pool' | 'subsample';
  readonly channels: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly sides: readonly [number, number, number, number];
  readonly flags: readonly [boolean, boolean, boolean];
}

/** A network of few small layers as data, so that what disagrees can be made smaller. */
export interface DrawnNetwork {
  readonly input: ImageShape;
  readonly layers: readonly DrawnLayer[];
  readonly end: 'average' | 'channels-first' | 'channels-last';
  /** Units of a layer between features and logits; 0 for none. */
  readonly hidden: number;
  readonly headBias: boolean;
  readonly epsilon: number;
  /** By turns of the layers that are pruned. */
  readonly masks: readonly KeptOfLayer[];
  readonly batch: number;
  /** Of numbers, and whether activations are asked for: see `MaskedNetworkOptions`. */
  readonly stream: number;
  readonly shows: boolean;
}

const CLASSES = 5;

/** One, primes, and what fills vectors of 4, 8 and 16, or just does not. */
const CHANNELS = [1, 2, 3, 4, 5, 7, 8, 11, 13, 15, 16, 17, 20, 31, 32, 33];
/** Of which 0 leaves nothing to compare behind it. */
const DENSITIES = [0, 0.02, 0.1, 0.1, 0.3, 0.3, 0.5, 0.5, 0.9, 1, 1];

/** Networks in all words of `Layers`, each with masks and a batch. `most`: channels, which time and memory follow. */
export function drawnNetworks(most: number): fc.Arbitrary<DrawnNetwork> {
  const channels = fc.constantFrom(...CHANNELS.filter((n) => n <= most));
  const side = fc.integer({ min: 1, max: 5 });
  return fc.record({
    input: fc.record({
      height: fc.integer({ min: 1, max: 11 }),
      width: fc.integer({ min: 1, max: 19 }),
      channels: fc.integer({ min: 1, max: 4 }),
    }),
    layers: fc.array(
      fc.record({
        kind: fc.constantFrom('conv', 'depthwise', 'block', 'fork', 'add', 'pool', 'subsample'),
        channels,
        kernel: fc.tuple(side, side),
        stride: fc.integer({ min: 1, max: 3 }),
        sides: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4)),
        flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    end: fc.constantFrom('average', 'channels-first', 'channels-last'),
    hidden: fc.oneof(fc.constant(0), channels),
    headBias: fc.boolean(),
    epsilon: fc.constantFrom(0.1, 1e-3, 1e-5),
    masks: fc.array(
      fc.record({
        by: fc.constantFrom('weight', 'weight', 'output', 'input', 'slope', 'one'),
        density: fc.constantFrom(...DENSITIES),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    batch: fc.integer({ min: 1, max: 40 }),
    stream: fc.nat(1000),
    shows: fc.boolean(),
  });
}

/** Writes layer after layer down, as far as images are large enough for them. */
class Drawing<T> {
  #x: T;
  #shape: ImageShape;
  readonly #of: Layers<T>;
  readonly #epsilon: number;

  constructor(of: Layers<T>, images: T, { input, epsilon }: DrawnNetwork) {
    this.#of = of;
    this.#x = images;
    this.#shape = input;
    this.#epsilon = epsilon;
  }

  /** Padding by which no window looks at it alone, and what such windows leave; nothing where that is no pixel. */
  #slid({ kernel, stride, sides }: DrawnLayer) {
    const [top, bottom, left, right] = sides.map((n, at) => Math.min(n, kernel[at >> 1]! - 1)) as [
      number,
      number,
      number,
      number,
    ];
    const height = Math.floor((this.#shape.height + top + bottom - kernel[0]) / stride) + 1;
    const width = Math.floor((this.#shape.width + left + right - kernel[1]) / stride) + 1;
    const windows = { kernel, stride, padding: { top, bottom, left, right } };
    return height > 0 && width > 0 ? { windows, size: { height, width } } : undefined;
  }

  #normalized(name: string, x: T, options: { residual?: T; relu?: boolean }): T {
    return this.#of.normalize(name, x, { ...options, epsilon: this.#epsilon });
  }

  layer(i: number, drawn: DrawnLayer): void {
    const { kind, channels, stride, flags } = drawn;
    const [normalizes, relu, bias] = flags;
    const [of, x] = [this.#of, this.#x];
    const same = { channels: this.#shape.channels, kernel: 3, padding: 1 };
    const slid = this.#slid(drawn);
    switch (kind) {
      case 'conv': {
        if (!slid) return;
        const options = { ...slid.windows, channels, bias: bias && !normalizes };
        const y = of.conv(`conv${i}`, x, options);
        const rectified = () => (relu ? of.relu(y) : y);
        this.#x = normalizes ? this.#normalized(`norm${i}`, y, { relu }) : rectified();
        this.#shape = { ...slid.size, channels };
        return;
      }
      case 'depthwise': {
        if (!slid) return;
        const groups = this.#shape.channels;
        const outputs = groups * (1 + (channels % 2));
        const options = { ...slid.windows, channels: outputs, groups, bias: bias && !normalizes };
        const y = of.conv(`conv${i}`, x, options);
        const z = normalizes ? this.#normalized(`norm${i}`, y, {}) : y;
        this.#x = relu ? of.relu6(z) : z;
        this.#shape = { ...slid.size, channels: outputs };
        return;
      }
      case 'block': {
        const y = this.#normalized(`norm${i}a`, of.conv(`conv${i}a`, x, same), { relu });
        const z = of.conv(`conv${i}b`, y, same);
        this.#x = this.#normalized(`norm${i}b`, z, { residual: x, relu: normalizes });
        return;
      }
      case 'fork': {
        const one = of.conv(`conv${i}a`, x, { channels, kernel: 1, stride });
        const other = of.conv(`conv${i}b`, x, { channels, kernel: 3, stride, padding: 1 });
        const residual = this.#normalized(`norm${i}a`, one, {});
        this.#x = this.#normalized(`norm${i}b`, other, { residual, relu });
        this.#shrink(stride, channels);
        return;
      }
      case 'add': {
        const y = of.conv(`conv${i}`, x, { ...same, bias });
        this.#x = relu ? of.relu(of.add(x, y)) : of.add(y, x);
        return;
      }
      case 'pool': {
        if (!slid) return;
        const { kernel: size, ...how } = slid.windows;
        this.#x = of.maxPool(x, { size, ...how });
        this.#shape = { ...slid.size, channels: this.#shape.channels };
        return;
      }
      case 'subsample': {
        const more = this.#shape.channels + (channels % 4);
        this.#x = of.subsample(x, { stride, channels: more });
        this.#shrink(stride, more);
      }
    }
  }

  #shrink(stride: number, channels: number): void {
    const { height, width } = this.#shape;
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    this.#shape = { height: rows, width: columns, channels };
  }

  logits({ end, hidden, headBias: bias, layers }: DrawnNetwork, units: number): T {
    const of = this.#of;
    const features =
      end === 'average' ? of.globalAveragePool(this.#x) : of.flatten(this.#x, { order: end });
    if (hidden === 0) return of.linear('head', features, { units, bias });
    const [normalizes] = layers[0]!.flags;
    const y = of.linear('hidden', features, { units: hidden, bias: bias && !normalizes });
    const z = normalizes ? this.#normalized('last', y, { relu: true }) : of.relu(y);
    return of.linear('head', z, { units, bias });
  }
}

/** A network that was drawn, with its masks and batch. */
export function maskedOf(drawn: DrawnNetwork): MaskedNetwork {
  const { input, layers, masks, batch, stream, shows } = drawn;
  const architecture: Architecture = (of, images, classes) => {
    const drawing = new Drawing(of, images, drawn);
    for (const [i, layer] of layers.entries()) drawing.layer(i, layer);
    return drawing.logits(drawn, classes);
  };
  const network = networkFrom('drawn', architecture, input, CLASSES);
  const options = { stream, shows };
  return new MaskedNetwork(network, (i) => masks[i % masks.length]!, batch, options);
}
