// Programs of the native engine, and ops, which zoo.spec.ts compares with PyTorch, against plain loops in float64.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ComponentRegistry, type ImageShape, type Network } from '@winnow/plugin-api';
import { type ProgramLayer, compileProgram } from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import { relativeError } from '@winnow/golden';
import fc from 'fast-check';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';
import plugin from './plugin.ts';
import { MASKS, MaskedNetwork } from './testing/masked-network.ts';

const registry = new ComponentRegistry(plugin.components);

function build(name: string, side: number, options = {}): Network {
  const shape = { height: side, width: side, channels: 3 };
  return registry.get('model', name).build(shape, 10, options);
}

/**
 * Of float32's 6e-8, which normalisations of channels that hardly vary enlarge up to 316 times (1/√ε) each. One ReLU that
 * decides otherwise would show as about 1e-3, one weight in the wrong place as about 1: `margin` says that none decides.
 */
const TOLERANCE = 1e-4;
const MARGIN = 1e-7;

/** As `relativeError`, also of zeros: then 0, or else infinite. */
function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const same = actual.length === expected.length;
  return same && Array.from(actual).every((v, i) => v === expected[i])
    ? 0
    : relativeError(actual, expected);
}

/** Of each layer the road that its density leaves no choice of. */
function assertRoads(layers: readonly ProgramLayer[]): void {
  for (const { name, road, kept, of } of layers) {
    if (kept < 0.1 * of) expect({ name, road }).toEqual({ name, road: 'kept' });
    if (kept > 0.55 * of) expect({ name, road }).toEqual({ name, road: 'dense' });
  }
}

interface Drawn {
  readonly kind: 'conv' | 'block' | 'add' | 'pool' | 'subsample';
  readonly channels: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly sides: readonly [number, number, number, number];
  readonly flags: readonly [boolean, boolean, boolean];
}

/** Layers that were drawn, as far as images are large enough for them. */
function drawn(input: ImageShape, layers: readonly Drawn[], end: string): Architecture {
  return (of, images, classes) => {
    let [x, shape] = [images, input];
    for (const [i, { kind, channels, kernel, stride, sides, flags }] of layers.entries()) {
      // No window looks at padding alone.
      const [top, bottom, left, right] = sides.map((n, at) => Math.min(n, kernel[at >> 1]! - 1));
      const padding = { top: top!, bottom: bottom!, left: left!, right: right! };
      const slid = {
        height: Math.floor((shape.height + top! + bottom! - kernel[0]) / stride) + 1,
        width: Math.floor((shape.width + left! + right! - kernel[1]) / stride) + 1,
      };
      const [normalizes, relu, bias] = flags;
      // With which channels that never vary enlarge no rounding.
      const epsilon = 0.1;
      const same = { channels: shape.channels, kernel: 3, padding: 1 };
      if (kind === 'pool' || kind === 'conv') {
        if (Math.min(slid.height, slid.width) < 1) continue;
        shape = { ...slid, channels: kind === 'pool' ? shape.channels : channels };
      }
      if (kind === 'pool') x = of.maxPool(x, { size: kernel, stride, padding });
      if (kind === 'conv') {
        x = of.conv(`conv${i}`, x, {
          channels,
          kernel,
          stride,
          padding,
          bias: bias && !normalizes,
        });
        if (normalizes) x = of.normalize(`norm${i}`, x, { relu, epsilon });
        else if (relu) x = of.relu(x);
      }
      if (kind === 'block') {
        const y = of.normalize(`norm${i}a`, of.conv(`conv${i}a`, x, same), { relu, epsilon });
        x = of.normalize(`norm${i}b`, of.conv(`conv${i}b`, y, same), {
          residual: x,
          relu: normalizes,
          epsilon,
        });
      }
      if (kind === 'add') {
        const y = of.conv(`conv${i}`, x, { ...same, bias });
        x = relu ? of.relu(of.add(x, y)) : of.add(y, x);
      }
      if (kind === 'subsample') {
        const more = shape.channels + (channels % 4);
        x = of.subsample(x, { stride, channels: more });
        shape = {
          height: Math.ceil(shape.height / stride),
          width: Math.ceil(shape.width / stride),
          channels: more,
        };
      }
    }
    if (end === 'average') x = of.globalAveragePool(x);
    else x = of.flatten(x, { order: end as 'channels-first' | 'channels-last' });
    return of.linear('head', x, { units: classes, bias: layers[0]!.flags[0] });
  };
}

interface Case {
  readonly name: string;
  readonly options: object;
  readonly side: number;
  readonly mask: keyof typeof MASKS;
  readonly batch: number;
}

const models = [
  { name: 'lenet', options: {}, side: 8 },
  { name: 'conv2', options: {}, side: 4 },
  { name: 'resnet8', options: { shortcut: 'conv3x3' }, side: 8 },
  { name: 'resnet8', options: { shortcut: 'projection' }, side: 8 },
  { name: 'resnet8', options: { shortcut: 'identity' }, side: 9 },
];
const MANY_OF_FEW = 'most weights of the second and third layer, 1 % of the others';
const MIXED = 'all weights of the first layers, few of the last, none of one';
const BATCHES = [1, 3, 16, 17, 20, 128];
/** What takes long in float64, but with few images. */
const KEEP_MUCH: readonly string[] = ['all weights', '60 %'] satisfies (keyof typeof MASKS)[];
/** Every mask with each of these, in batches by turns. */
const cases: Case[] = models.flatMap((model, m) =>
  Object.keys(MASKS).map((name, i) => {
    const mask = name as keyof typeof MASKS;
    const batch = KEEP_MUCH.includes(mask) ? 3 : BATCHES[(m + i) % BATCHES.length]!;
    return { ...model, mask, batch };
  }),
);
cases.push(
  { name: 'conv4', options: {}, side: 8, mask: '10 %', batch: 3 },
  { name: 'conv4', options: {}, side: 4, mask: 'all weights', batch: 2 },
  { name: 'conv4', options: {}, side: 4, mask: '60 %', batch: 2 },
  { name: 'conv4', options: {}, side: 4, mask: MIXED, batch: 17 },
  { name: 'resnet8', options: {}, side: 8, mask: 'all weights', batch: 17 },
  { name: 'resnet20', options: {}, side: 8, mask: 'all weights', batch: 2 },
  { name: 'resnet20', options: {}, side: 8, mask: '60 %', batch: 2 },
  { name: 'resnet20', options: {}, side: 8, mask: MIXED, batch: 17 },
  { name: 'resnet20', options: {}, side: 8, mask: '2 %', batch: 3 },
  { name: 'resnet20', options: {}, side: 8, mask: '0.74 %', batch: 16 },
);

(backendsHere().includes(native) ? describe : describe.skip)('a program', () => {
  beforeAll(() => native.start());

  it.each(cases)(
    'computes $name $options with $mask of $batch images as ops and plain loops in float64 do',
    ({ name, options, side, mask, batch }) => {
      const masked = new MaskedNetwork(build(name, side, options), MASKS[mask], batch);
      const exact = masked.exactly();
      expect(exact.margin).toBeGreaterThan(MARGIN);
      const program = masked.program();
      assertRoads(program.layers);
      const outcomes = [program, masked.ops()];
      for (const { logits, gradient } of outcomes) {
        expect(relativeError(logits, exact.logits)).toBeLessThan(TOLERANCE);
        expect(relativeError(gradient, exact.gradient)).toBeLessThan(TOLERANCE);
      }
      const ofEach = masked.worstGradientError(program.gradient, exact.gradient);
      expect(ofEach).toBeLessThan(10 * TOLERANCE);
    },
  );

  it('computes every layer by its kept weights where these are few, and by all where all are kept', () => {
    const roads = (mask: keyof typeof MASKS) =>
      new MaskedNetwork(build('resnet20', 8), MASKS[mask], 1)
        .program()
        .layers.map(({ road }) => road);
    const layers = 22;
    expect(roads('2 %')).toEqual(Array(layers).fill('kept'));
    expect(roads('all weights')).toEqual(Array(layers).fill('dense'));
    expect(new Set(roads(MIXED))).toEqual(new Set(['dense', 'kept']));
  });

  it.each(models)('computes $name $options by given statistics', ({ name, options, side }) => {
    const masked = new MaskedNetwork(build(name, side, options), MASKS['10 %'], 3);
    const exact = masked.frozenExactly();
    for (const logits of [masked.frozenProgram(), masked.frozenOps()])
      expect(relativeError(logits, exact)).toBeLessThan(TOLERANCE);
  });

  // Whose ops take seconds. Among the million values of the last some ReLU decides otherwise.
  it.each([
    {
      name: 'conv6',
      side: 8,
      mask: 'few weights of the first layers',
      batch: 3,
      tolerance: TOLERANCE,
    },
    { name: 'conv6', side: 8, mask: MIXED, batch: 2, tolerance: TOLERANCE },
    { name: 'resnet56', side: 8, mask: '2 %', batch: 3, tolerance: TOLERANCE },
    { name: 'resnet56', side: 8, mask: MIXED, batch: 3, tolerance: TOLERANCE },
    { name: 'vgg11', side: 16, mask: MANY_OF_FEW, batch: 4, tolerance: TOLERANCE },
    { name: 'resnet18', side: 17, mask: MANY_OF_FEW, batch: 4, tolerance: TOLERANCE },
    { name: 'resnet50', side: 17, mask: MANY_OF_FEW, batch: 4, tolerance: 2e-2 },
  ] as const)(
    'computes $name with $mask of $batch images as plain loops in float64 do',
    ({ name, side, mask, batch, tolerance }) => {
      const masked = new MaskedNetwork(build(name, side), MASKS[mask], batch);
      const exact = masked.exactly();
      const { logits, gradient, layers } = masked.program();
      assertRoads(layers);
      expect(relativeError(logits, exact.logits)).toBeLessThan(TOLERANCE);
      expect(relativeError(gradient, exact.gradient)).toBeLessThan(tolerance);
    },
  );

  it('computes whatever network of the vocabulary as ops and plain loops in float64 do', () => {
    const architectures = fc.array(
      fc.record({
        kind: fc.constantFrom('conv', 'block', 'add', 'pool', 'subsample'),
        channels: fc.integer({ min: 1, max: 20 }),
        kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
        stride: fc.integer({ min: 1, max: 3 }),
        sides: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
        flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 1, max: 9 }),
          fc.integer({ min: 1, max: 19 }),
          fc.integer({ min: 1, max: 4 }),
        ),
        architectures,
        fc.constantFrom('average', 'channels-first', 'channels-last'),
        fc.array(fc.constantFrom(0, 0.1, 0.5, 1), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 33 }),
        ([height, width, channels], layers, end, densities, batch) => {
          const input = { height, width, channels };
          const network = networkFrom('drawn', drawn(input, layers, end), input, 5);
          const masked = new MaskedNetwork(network, (i) => densities[i % densities.length]!, batch);
          const exact = masked.exactly();
          for (const { logits, gradient } of [masked.program(), masked.ops()]) {
            expect(errorOf(logits, exact.logits)).toBeLessThan(TOLERANCE);
            if (exact.margin > MARGIN)
              expect(errorOf(gradient, exact.gradient)).toBeLessThan(TOLERANCE);
          }
          expect(errorOf(masked.frozenProgram(), masked.frozenExactly())).toBeLessThan(TOLERANCE);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it('has none of a network that normalises what is no convolution: it would measure nothing', () => {
    const input = { height: 8, width: 8, channels: 3 };
    const pooled: Architecture = (layers, images, classes) => {
      const pool = layers.maxPool(images, { size: 2, stride: 2 });
      const features = layers.globalAveragePool(layers.normalize('bn', pool, { relu: true }));
      return layers.linear('fc', features, { units: classes });
    };
    const { graph, parameters } = networkFrom('pooled', pooled, input, 5);
    const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((n, m) => n * m, 1), 0);
    const kept = new Uint8Array(size).fill(1);
    const request = { input, graph: graph!, parameters, kept, batch: 2, differentiable: true };
    expect(compileProgram(request)).toBeUndefined();
  });

  it('joins convolutions of one input, whichever of them has the larger kernel', () => {
    const input = { height: 9, width: 7, channels: 3 };
    const side = (kernel: number) => ({
      channels: 5,
      kernel,
      stride: 2,
      padding: (kernel - 1) / 2,
    });
    const forked =
      (first: number, second: number): Architecture =>
      (layers, images, classes) => {
        const x = layers.normalize('bn', layers.conv('stem', images, side(3)), { relu: true });
        const residual = layers.normalize('bn1', layers.conv('one', x, side(first)));
        const other = layers.conv('two', x, side(second));
        const y = layers.normalize('bn2', other, { residual, relu: true });
        return layers.linear('fc', layers.globalAveragePool(y), { units: classes });
      };
    for (const [first, second] of [
      [1, 3],
      [3, 1],
      [5, 3],
      [3, 3],
    ] as const) {
      const network = networkFrom('forked', forked(first, second), input, 4);
      const masked = new MaskedNetwork(network, () => 0.6, 5);
      const exact = masked.exactly();
      expect(exact.margin).toBeGreaterThan(MARGIN);
      const { logits, gradient } = masked.program();
      expect(errorOf(logits, exact.logits)).toBeLessThan(TOLERANCE);
      expect(errorOf(gradient, exact.gradient)).toBeLessThan(TOLERANCE);
    }
  });

  // Of those that differ in depth alone, the deepest are left out.
  it.each(registry.names('model').filter((name) => !/34|101/.test(name)))(
    'is made of %s',
    (name) => {
      const masked = new MaskedNetwork(build(name, 17), MASKS['no weight'], 1);
      expect(masked.frozenProgram()).toHaveLength(10);
    },
  );
});
