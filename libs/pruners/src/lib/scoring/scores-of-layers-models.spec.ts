// Scores of a tf.LayersModel, against those that plain loops in float64 lead to.
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { hashed, inFloat64, relativeError } from '@winnow/golden';
import { adaptLayersModel } from '@winnow/layers-model';
import type { GraphLayer, PrunerDescriptor } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { grasp } from '../grasp.ts';
import { scoreWeights } from '../score-weights.ts';
import { snip } from '../snip.ts';
import { synflow } from '../synflow.ts';

const { layers } = tfl;
const BATCH = 4;
const CLASSES = 3;
/** Of GraSP. */
const TEMPERATURE = 200;

const through = (x: tfl.SymbolicTensor, ...list: tfl.layers.Layer[]) =>
  list.reduce((y, layer) => layer.apply(y) as tfl.SymbolicTensor, x);

/** A little of MobileNet, DenseNet and what else there is. */
function model(): tfl.LayersModel {
  const images = tfl.input({ shape: [6, 5, 2] });
  const stem = through(
    images,
    layers.zeroPadding2d({ padding: 1 }),
    layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2 }),
    layers.batchNormalization(),
    layers.reLU({ maxValue: 6 }),
  );
  const branch = through(
    stem,
    layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }),
    layers.batchNormalization({ scale: false }),
    layers.leakyReLU({ alpha: 0.1 }),
    layers.separableConv2d({ filters: 2, kernelSize: 2, padding: 'same', activation: 'tanh' }),
  );
  const pooled = through(
    layers.concatenate().apply([stem, branch]) as tfl.SymbolicTensor,
    layers.averagePooling2d({ poolSize: 2, strides: 2, padding: 'same' }),
    layers.globalAveragePooling2d({}),
  );
  const square = layers.dense({ units: 5, activation: 'sigmoid' });
  const outputs = through(pooled, square, square, layers.dense({ units: CLASSES }));
  return tfl.model({ inputs: images, outputs });
}

const FLOWS_ON: GraphLayer['op'][] = ['relu', 'relu6', 'leaky-relu', 'tanh', 'sigmoid'];

/** A network with parameters and a batch, and what plain loops make of them. */
function reference() {
  const { network } = adaptLayersModel(model());
  const { input, graph } = network;
  const sizes = network.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const values = network.parameters.map(({ name }, i) =>
    /bias$/.test(name) ? hashed(sizes[i]!, i, -0.3, 0.3) : hashed(sizes[i]!, i, -1.5, 1.5),
  );
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES);
  const pixels = hashed(BATCH * 6 * 5 * 2, 99, -1.7, 1.7);

  /** Of the loss at a temperature, at parameters, all in order. */
  const gradientAt = (at: readonly Float64Array[], temperature: number): Float64Array[] => {
    const parameters = new Map(network.parameters.map(({ name }, i) => [name, at[i]!]));
    const pass = inFloat64({ input, graph: graph!, parameters, images: pixels, batch: BATCH });
    const odds = pass.logits.map((z) => Math.exp(z / temperature));
    const dlogits = odds.map((p, i) => {
      const row = Math.floor(i / CLASSES);
      const all = odds.subarray(row * CLASSES, (row + 1) * CLASSES).reduce((a, b) => a + b);
      return (p / all - (i % CLASSES === labels[row] ? 1 : 0)) / (BATCH * temperature);
    });
    expect(pass.margin).toBeGreaterThan(1e-6);
    const gradients = pass.gradients(dlogits);
    return network.parameters.map(({ name }) => gradients.get(name)!);
  };
  const exact = values.map((v) => Float64Array.from(v));
  const isPrunable = (_: unknown, i: number) => network.parameters[i]!.prunable;
  const packed = (of: readonly Float64Array[]) => of.filter(isPrunable).flatMap((v) => [...v]);
  const weights = packed(exact);

  const saliencies = packed(gradientAt(exact, 1)).map((g, i) => Math.abs(weights[i]! * g));

  const slope = gradientAt(exact, TEMPERATURE).map((g, i) => (isPrunable(g, i) ? g : g.fill(0)));
  const most = Math.max(...packed(slope).map(Math.abs));
  const moved = (step: number) =>
    packed(
      gradientAt(
        exact.map((v, i) => v.map((w, j) => w + (step / most) * slope[i]![j]!)),
        TEMPERATURE,
      ),
    );
  const STEP = 1e-6;
  const [ahead, behind] = [moved(STEP), moved(-STEP)];
  const flows = ahead.map((g, i) => ((g - behind[i]!) / (2 * STEP)) * most * -weights[i]!);

  const linear = graph!.layers.map((layer): GraphLayer => {
    if (!FLOWS_ON.includes(layer.op)) return layer;
    return { x: layer.x, shape: layer.shape, op: 'affine', factor: 1, offset: 0 };
  });
  const statistics = new Map(
    graph!.layers.flatMap((layer) => {
      if (layer.op !== 'normalize') return [];
      const { channels } = layer.shape as { channels: number };
      return [
        [`${layer.name}.running_mean`, new Float64Array(channels)] as const,
        [`${layer.name}.running_var`, new Float64Array(channels).fill(1)] as const,
      ];
    }),
  );
  const flowAt = (at: readonly Float64Array[]) =>
    inFloat64({
      ...{ input, statistics, images: new Float64Array(6 * 5 * 2).fill(1), batch: 1 },
      graph: { ...graph!, layers: linear },
      parameters: new Map(network.parameters.map(({ name }, i) => [name, at[i]!])),
    }).logits.reduce((a, b) => a + b);
  const sized = exact.map((v) => v.map(Math.abs));
  // θ ∂R/∂θ: where no weight comes in more than twice, half steps to both sides are exact.
  const conserved = sized.filter(isPrunable).flatMap((own) =>
    [...own].map((w, j) => {
      own[j] = 1.5 * w;
      const up = flowAt(sized);
      own[j] = 0.5 * w;
      const down = flowAt(sized);
      own[j] = w;
      return up - down;
    }),
  );
  return { network, values, weights, pixels, labels, saliencies, flows, conserved };
}

let expected: ReturnType<typeof reference>;
beforeAll(async () => {
  await cpu.start();
  expected = reference();
});

describe.each(backendsHere())('on $name', (backend) => {
  beforeAll(() => backend.start());

  it('are those of plain loops', async () => {
    const { network, values, weights, pixels, labels, saliencies, flows, conserved } = expected;
    const parameters = Object.fromEntries(
      network.parameters.map(({ name, shape }, i) => [name, tf.tensor(values[i]!, [...shape])]),
    );
    const images = tf.tensor4d(pixels, [BATCH, 6, 5, 2]);
    const batch = { images, labels: tf.tensor1d(labels, 'int32') };
    const scores = async (method: PrunerDescriptor, options = {}) => {
      const setting = { network, parameters, batch, density: 0.5, seed: 1, options };
      return (await scoreWeights(method, setting)).scores;
    };
    expect(weights.length).toBe(24 + 27 + 12 + 6 + 25 + 15);
    expect(relativeError(await scores(snip), saliencies)).toBeLessThan(1e-4);
    expect(relativeError(await scores(grasp), flows)).toBeLessThan(1e-3);
    expect(relativeError(await scores(synflow, { iterations: 1 }), conserved)).toBeLessThan(1e-5);
  });
});
