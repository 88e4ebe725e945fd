import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { fileOrder, toDevice } from '@winnow/data';
import { digits } from '@winnow/datasets';
import { adaptLayersModel } from '@winnow/layers-model';
import { ComponentRegistry, isWinnowError } from '@winnow/plugin-api';
import pruners, { findTicket } from '@winnow/pruners';
import { startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { gatherStatistics, stretch, trainUnder } from '@winnow/training';

process.on('uncaughtException', (error) => {
  console.error(isWinnowError(error) ? error.message : error);
  process.exit(1);
});
const [method = 'cts', density = 0.1] = process.argv.slice(2);
await startBackend('auto', backendsHere());
const { train, test, recipe: whole } = await digits.open({});
const recipe = stretch(whole, 30);

const { layers } = tfl;
const initializer = (seed = 0) => tfl.initializers.heNormal({ seed });
const model = tfl.sequential({
  layers: [
    layers.conv2d({
      inputShape: [8, 8, 1],
      filters: 16,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: initializer(1),
    }),
    layers.batchNormalization(),
    layers.reLU(),
    layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, kernelInitializer: initializer(2) }),
    layers.batchNormalization(),
    layers.reLU(),
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax', kernelInitializer: initializer(3) }),
  ],
});

const batch = toDevice(await test.read(fileOrder(test.length)), {
  height: 8,
  width: 8,
  channels: 1,
});
/** By the LayersModel itself. */
function accuracy() {
  return tf.tidy(() => {
    const predictions = /** @type {tf.Tensor} */ (model.predict(batch.images));
    const isRight = tf.equal(tf.argMax(predictions, -1), batch.labels);
    return Number(tf.mean(tf.cast(isRight, 'float32')).dataSync()[0]);
  });
}

const { network, parameters, handBack } = adaptLayersModel(model);
const setting = { network, parameters: parameters(), train, recipe, seed: 1 };
console.log(`before: ${accuracy().toFixed(4)}`);
const pruner = new ComponentRegistry(pruners.components).get('pruner', method);
const ticket = await findTicket(pruner, { ...setting, density: Number(density) });
const trained = await trainUnder(ticket, setting);
handBack(trained, await gatherStatistics(network, trained, train, recipe.batchSize));
const weights = model.getWeights().filter(({ rank }) => rank > 1);
const kept = tf.addN(weights.map((w) => tf.sum(tf.cast(tf.notEqual(w, 0), 'float32'))));
console.log(`kept: ${kept.dataSync()[0]} of ${ticket.size}`);
console.log(`after: ${accuracy().toFixed(4)}`);
