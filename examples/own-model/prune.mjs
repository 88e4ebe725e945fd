import * as tf from '@tensorflow/tfjs-core';
import { digits } from '@winnow/datasets';
import { initialize, networkOf } from '@winnow/models';
import { cts, findTicket } from '@winnow/pruners';
import { randomStreams, startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { evaluate, stretch, trainUnder } from '@winnow/training';

await startBackend('auto', backendsHere());
const { input, train, test, recipe } = await digits.open({}); // yours: arraySource of @winnow/data
const network = networkOf(
  ({ kernel, bias, head }, images) => {
    const hidden = tf.relu(tf.add(tf.conv2d(images, kernel, 2, 'same'), bias));
    return tf.matMul(tf.reshape(hidden, [-1, 256]), head);
  },
  {
    kernel: { shape: [3, 3, 1, 16], initializer: { kind: 'normal', std: 0.3 } },
    bias: { shape: [16], initializer: { kind: 'constant', value: 0 } },
    head: { shape: [256, 10], initializer: { kind: 'normal', std: 0.1 } },
  },
  { input },
);
const parameters = initialize(network, randomStreams(1)('initialisation'));
const setting = { network, parameters, train, recipe: stretch(recipe, 30), seed: 1 };
const ticket = await findTicket(cts, { ...setting, density: 0.1, objective: 'loss' });
for (const under of [undefined, ticket]) {
  const { accuracy } = await evaluate(network, await trainUnder(under, setting), test, 128);
  const kept = under?.kept ?? ticket.size;
  console.log(`${kept} of ${ticket.size} weights: ${(100 * accuracy).toFixed(1)} %`);
}
