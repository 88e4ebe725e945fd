import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { relativeError } from '@winnow/golden';
import { Packing, initialize } from '@winnow/models';
import {
  type ImageShape,
  type ModelDescriptor,
  type NamedTensors,
  type Network,
  prunableOf,
} from '@winnow/plugin-api';
import { randomStreams, wasm } from '@winnow/tensor-backend';
import { type Check, type OnBackend, skipped, tensorCheck } from './check.ts';
import { assertComputesGraph } from './graph-agreement.ts';
import { sizeOf } from './size-of.ts';

export interface ModelSetting extends OnBackend {
  /** The model's options; its defaults when left out. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** 32×32×3 when left out. */
  readonly input?: ImageShape;
  /** 10 when left out. */
  readonly classes?: number;
  /**
   * What it passes to `capture`: nothing below 0, as ReLU makes it (when left out), `any` numbers, as GELU does, or `none`
   * at all. Objectives that need activations do not go with the last.
   */
  readonly activations?: 'non-negative' | 'any' | 'none';
  /** How many parameters it must have, and how many of them prunable, where that is known. */
  readonly counts?: { readonly all: number; readonly prunable: number };
}

const EXAMPLES = 3;
/** Of logits that differ in rounding alone. */
const ROUNDING = 1e-4;
const SHOWS = 'shows its activations by name';
const CIFAR = { height: 32, width: 32, channels: 3 };

const isName = (name: unknown) => typeof name === 'string' && name.length > 0;

function randomImages({ height, width, channels }: ImageShape): tf.Tensor4D {
  const draws = randomStreams(1)('images').normals(EXAMPLES * height * width * channels, 0);
  return tf.tensor4d(draws, [EXAMPLES, height, width, channels]);
}

function maskOf(network: Network, value: (index: number) => number): NamedTensors {
  return Object.fromEntries(
    prunableOf(network).map(({ name, shape }) => [
      name,
      tf.tensor(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => value(i)),
        [...shape],
      ),
    ]),
  );
}

function assertAlike(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  const error = relativeError(actual.dataSync(), expected.dataSync());
  assert.ok(error <= ROUNDING, `${what} changes the logits by ${error} of the largest`);
}

/** What a model must do: `for (const { name, skip, run } of modelConformance(mine)) test(name, { skip }, run);` */
export function modelConformance(
  model: ModelDescriptor,
  {
    start = () => wasm.start(),
    options = {},
    input = CIFAR,
    classes = 10,
    activations = 'non-negative',
    counts,
  }: ModelSetting = {},
): Check[] {
  const build = () => model.build(input, classes, options);
  // Drawn once: of a large network that takes longer than all else.
  let drawn: Float32Array | undefined;
  const parametersOf = (network: Network): NamedTensors => {
    const packing = new Packing(network.parameters);
    drawn ??= packing.pack(initialize(network, randomStreams(1)('initialisation')));
    return packing.unpack(tf.tensor1d(drawn));
  };
  const check = (
    name: string,
    compute: (network: Network, parameters: NamedTensors, images: tf.Tensor4D) => void,
  ) =>
    tensorCheck(name, start, () => {
      const network = build();
      const fresh = parametersOf(network);
      compute(network, fresh, randomImages(input));
    });
  return [
    check('declares its parameters, the same ones each time', (network) => {
      const { parameters } = network;
      assert.equal(new Set(parameters.map((p) => p.name)).size, parameters.length, 'names repeat');
      assert.ok(
        parameters.some((p) => p.prunable),
        'no parameter is prunable',
      );
      for (const { name, shape, prunable, usesPerImage } of parameters) {
        assert.ok(
          shape.every((n) => Number.isInteger(n) && n > 0),
          `${name} has the shape [${shape.join(', ')}]`,
        );
        assert.ok(!prunable || shape.length > 1, `${name} is prunable, but no weight`);
        assert.ok(usesPerImage > 0, `${name} is used ${usesPerImage} times an image`);
      }
      assert.deepEqual(build().parameters, parameters, 'a second network declares others');
      if (!counts) return;
      const total = (all: typeof parameters) => all.reduce((sum, p) => sum + sizeOf(p.shape), 0);
      const own = { all: total(parameters), prunable: total(prunableOf({ parameters })) };
      assert.deepEqual(own, counts, 'it has other counts of parameters');
    }),
    check('makes finite logits [batch, classes], the same each time', (network, own, images) => {
      const logits = network.forward(own, images);
      assert.deepEqual(logits.shape, [EXAMPLES, classes]);
      assert.ok(logits.dataSync().every(Number.isFinite), 'logits are not finite');
      assert.deepEqual(network.forward(own, images).dataSync(), logits.dataSync());
    }),
    check('computes what its graph says, where it has one', assertComputesGraph),
    check('takes no notice of a mask of ones', (network, own, images) => {
      const masked = network.forward(own, images, { mask: maskOf(network, () => 1) });
      assertAlike(masked, network.forward(own, images), 'a mask of ones');
    }),
    check('does not use what a mask removes', (network, own, images) => {
      const mask = maskOf(network, (i) => i % 2);
      const other = Object.fromEntries(
        Object.entries(own).map(([name, values]) => [
          name,
          mask[name] ? tf.add(values, tf.sub(1, mask[name])) : values,
        ]),
      );
      const before = network.forward(own, images, { mask });
      assertAlike(network.forward(other, images, { mask }), before, 'a change of removed weights');
    }),
    check('sees nothing of the images without weights', (network, own, images) => {
      const logits = network.forward(own, images, { mask: maskOf(network, () => 0) });
      const rows = logits.arraySync();
      for (const row of rows) assert.deepEqual(row, rows[0], 'logits differ between images');
    }),
    check('uses every parameter', (network, own, images) => {
      const names = network.parameters.map((p) => p.name);
      const output = (...values: tf.Tensor[]) => {
        const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        const logits = network.forward(given, images);
        return tf.sum(tf.mul(logits, tf.sin(tf.reshape(tf.range(0, logits.size), logits.shape))));
      };
      const gradients = tf.grads(output)(names.map((name) => own[name]!));
      for (const [i, gradient] of gradients.entries()) {
        const largest = tf.max(tf.abs(gradient)).dataSync()[0]!;
        assert.ok(largest > 0, `the logits do not depend on ${names[i]}, or not to first order`);
      }
    }),
    activations === 'none'
      ? skipped(SHOWS, 'it is said to show none')
      : check(SHOWS, (network, own, images) => {
          const names: string[] = [];
          const capture = (activation: tf.Tensor, name: string) => {
            names.push(name);
            assert.equal(activation.shape[0], EXAMPLES, `"${name}" is not of the batch`);
            const lowest = tf.min(activation).dataSync()[0]!;
            const allowed = activations === 'any' ? Number.isFinite(lowest) : lowest >= 0;
            assert.ok(allowed, `"${name}" has the value ${lowest}`);
          };
          network.forward(own, images, { capture });
          assert.ok(names.length > 0, 'nothing was captured');
          assert.ok(names.every(isName), 'an activation has no name');
          assert.equal(new Set(names).size, names.length, 'names of activations repeat');
        }),
  ];
}
