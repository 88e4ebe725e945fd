// Programs of the native engine, and ops, which zoo.spec.ts compares with PyTorch, against plain loops in float64.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { type ProgramLayer, compileProgram } from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import { relativeError } from '@winnow/golden';
import fc from 'fast-check';
import type { Architecture, Layers } from './layers.ts';
import { networkFrom } from './network.ts';
import plugin from './plugin.ts';
import { TOLERANCE, compareRoads, errorOf } from './testing/compare-roads.ts';
import { type DrawnNetwork, drawnNetworks, maskedOf } from './testing/drawn-network.ts';
import { MaskedNetwork } from './testing/masked-network.ts';
import { MASKS } from './testing/masks.ts';

const registry = new ComponentRegistry(plugin.components);

function build(name: string, side: number, options = {}): Network {
  const shape = { height: side, width: side, channels: 3 };
  return registry.get('model', name).build(shape, 10, options);
}

/** Where values come nearer to what a ReLU decides by, one may decide otherwise, which would show as about 1e-3. */
const MARGIN = 1e-7;

/** Of networks that are drawn; `fuzz/fuzz-programs.mjs` draws more. */
const CASES = 80;

/** Networks and densities whose loops in float64 take long: `npm run test:full` computes them too. */
const LARGE = process.env['WINNOW_TEST_NETWORKS'] === 'large';

/** Of each layer the road that its density leaves no choice of; depthwise ones have one alone. */
function assertRoads(layers: readonly ProgramLayer[]): void {
  for (const { name, road, kept, of } of layers) {
    if (kept < 0.1 * of) expect({ name, road }).toEqual({ name, road: 'kept' });
    if (kept > 0.55 * of && !name.includes('depthwise'))
      expect({ name, road }).toEqual({ name, road: 'dense' });
  }
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
  ...(LARGE
    ? ([
        { name: 'conv4', options: {}, side: 4, mask: 'all weights', batch: 2 },
        { name: 'conv4', options: {}, side: 4, mask: '60 %', batch: 2 },
        { name: 'resnet20', options: {}, side: 8, mask: 'all weights', batch: 2 },
        { name: 'resnet20', options: {}, side: 8, mask: '60 %', batch: 2 },
      ] as const)
    : []),
  { name: 'conv4', options: {}, side: 4, mask: MIXED, batch: 17 },
  { name: 'resnet8', options: {}, side: 8, mask: 'all weights', batch: 17 },
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
    { name: 'resnet56', side: 8, mask: '2 %', batch: 3, tolerance: TOLERANCE },
    ...(LARGE
      ? ([
          { name: 'conv6', side: 8, mask: MIXED, batch: 2, tolerance: TOLERANCE },
          { name: 'resnet56', side: 8, mask: MIXED, batch: 3, tolerance: TOLERANCE },
          { name: 'vgg11', side: 16, mask: MANY_OF_FEW, batch: 4, tolerance: TOLERANCE },
          { name: 'resnet18', side: 17, mask: MANY_OF_FEW, batch: 4, tolerance: TOLERANCE },
          { name: 'resnet50', side: 17, mask: MANY_OF_FEW, batch: 4, tolerance: 2e-2 },
        ] as const)
      : []),
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

  // Of whose many values behind ReLUs some lie nearer to 0 than roundings, so that gradients may differ by a thousandth.
  it.each([
    { side: 16, mask: 'all weights', batch: 4 },
    { side: 8, mask: '10 %', batch: 17 },
  ] as const)(
    'computes a narrow mobilenetv2 with $mask of $batch images as plain loops in float64 do',
    ({ side, mask, batch }) => {
      const network = build('mobilenetv2', side, { width: 0.25 });
      const masked = new MaskedNetwork(network, MASKS[mask], batch);
      const exact = masked.exactly();
      const { logits, gradient, layers } = masked.program();
      assertRoads(layers);
      expect(relativeError(logits, exact.logits)).toBeLessThan(TOLERANCE);
      expect(relativeError(gradient, exact.gradient)).toBeLessThan(2e-2);
    },
  );

  it('computes whatever network of the vocabulary as ops and plain loops in float64 do', () => {
    let gradients = 0;
    const agrees = (drawn: DrawnNetwork) => {
      const { errors, faults } = compareRoads(maskedOf(drawn));
      expect(faults).toEqual([]);
      if ('gradient' in errors) gradients++;
    };
    fc.assert(fc.property(drawnNetworks(17), agrees), { seed: 1, numRuns: CASES });
    expect(gradients).toBeGreaterThan(0.9 * CASES);
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

  it.each<[string, <T>(of: Layers<T>, x: T) => T]>([
    ['ReLU6', (of, x) => of.relu6(x)],
    ['ReLU6 behind ReLU', (of, x) => of.relu6(of.relu(x))],
    ['ReLU behind ReLU6', (of, x) => of.relu(of.relu6(x))],
  ])('computes %s of what goes beyond 6', (_, bend) => {
    const same = { channels: 9, kernel: 3, padding: 1 };
    const bent: Architecture = (layers, images, classes) => {
      let x = images;
      // Each makes numbers about 1.4 times as large.
      for (let i = 0; i < 5; i++) x = layers.conv(`conv${i}`, x, same);
      return layers.linear('fc', layers.flatten(bend(layers, x)), { units: classes });
    };
    const network = networkFrom('bent', bent, { height: 5, width: 6, channels: 3 }, 4);
    const masked = new MaskedNetwork(network, () => 1, 3);
    const exact = masked.exactly();
    expect(exact.margin).toBeGreaterThan(MARGIN);
    const { logits, gradient } = masked.program();
    expect(errorOf(logits, exact.logits)).toBeLessThan(TOLERANCE);
    expect(errorOf(gradient, exact.gradient)).toBeLessThan(TOLERANCE);
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

  // Of large ones that differ in depth alone, and are not computed above, one; the last two have none (see wider-zoo.spec.ts).
  const left = /resnet(18|34|50|101)|vgg1[136]|dense|wide/;
  it.each(registry.names('model').filter((name) => !left.test(name)))('is made of %s', (name) => {
    const masked = new MaskedNetwork(build(name, 17), MASKS['no weight'], 1);
    expect(masked.frozenProgram()).toHaveLength(10);
  });
});
