// What winnow's steps compute on a backend: gradients beside those of `wasm`, and no kernel on the way that
// conformance/exclusions/BACKEND.json excuses.
//   node tools/check-backends/steps.mjs webgpu [--short]
// --short leaves it at a step of training and one of a search.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { relativeError } from '@winnow/golden';
import models, { Packing, initialize } from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners, { GradBalance, MaskSearch, scoreWeights } from '@winnow/pruners';
import { crossEntropy, profileKernels, randomStreams, wasm } from '@winnow/tensor-backend';
import plugin, {
  backendsHere,
  engineInUse,
  fallbackCalls,
  native,
} from '@winnow/tensor-backend/node';
import { Trainee } from '@winnow/training';

const { values: cli, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
});
const [name] = positionals;
const backend = plugin.components.find((it) => it.name === name);
const TOLERANCE = 1e-4;
const DENSITY = 0.1;
const RECIPE = { name: 'standard', momentum: 0.9, weightDecay: 1e-3, clipNorm: 2 };
const SCORERS = ['snip', 'synflow', 'grasp'];
const random = randomStreams(1);
const registry = new ComponentRegistry(
  [models, pruners, objectives].flatMap(({ components }) => components),
);
const network = registry
  .get('model', 'resnet8')
  .build({ height: 8, width: 8, channels: 1 }, 10, {});
const packing = new Packing(network.parameters);

function batch() {
  const images = tf.tensor4d(random('images').normals(4 * 64, 0), [4, 8, 8, 1]);
  return { images, labels: tf.tensor1d([1, 3, 5, 7], 'int32') };
}

function gradient() {
  const parameters = initialize(network, random('initialisation'));
  const { images, labels } = batch();
  const loss = (vector) => crossEntropy(network.forward(packing.unpack(vector), images), labels);
  return tf
    .grad(loss)(tf.tensor1d(packing.pack(parameters)))
    .dataSync();
}

await wasm.start();
const expected = gradient();
await backend.start();
if (
  name === 'tensorflow' &&
  process.env.WINNOW_ENGINE !== 'none' &&
  backendsHere().includes(native)
)
  assert.ok(engineInUse(), 'TensorFlow does not take the op of the engine that is here');
if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
const error = relativeError(gradient(), expected);
assert.ok(error <= TOLERANCE, `the gradient is off by ${error} of its largest magnitude`);

const profile = profileKernels(tf.getBackend());
const parameters = () => initialize(network, random('initialisation'));
new Trainee(network, packing, packing.pack(parameters()), undefined, RECIPE)
  .step(batch(), 0.1)
  .now();
const followed = cli.short ? [registry.get('objective', 'kl')] : registry.all('objective');
for (const objective of followed) {
  const search = new MaskSearch({
    network,
    parameters: parameters(),
    objective,
    control: new GradBalance(DENSITY),
    densityOf: () => DENSITY,
    random,
  });
  const one = batch();
  const { value, gradientNorm } = search
    .step({ step: 0, batch: one, heldOut: one, next: one }, 0.1)
    .now();
  assert.ok(Number.isFinite(value) && Number.isFinite(gradientNorm), objective.name);
}
for (const pruner of cli.short ? [] : SCORERS) {
  const one = batch();
  const setting = { network, parameters: parameters(), batch: one, heldOut: one };
  const options = pruner === 'synflow' ? { iterations: 3 } : {};
  const how = { density: DENSITY, options, seed: 1 };
  await scoreWeights(registry.get('pruner', pruner), { ...setting, ...how });
}
const called = profile.take().map(({ op }) => op);
const file = '../../libs/tensor-backend/conformance/exclusions/';
const groups = JSON.parse(
  readFileSync(new URL(`${file}${tf.getBackend()}.json`, import.meta.url), 'utf8'),
);
const excused = groups.flatMap(({ kernels }) => kernels).filter((it) => called.includes(it));
assert.deepEqual(excused, [], 'a step calls kernels that are excluded');
assert.deepEqual([...fallbackCalls().keys()], [], 'a step leaves kernels to the reference');
console.log(`${name}: steps call ${called.length} kernels, none of them excluded`);
