import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { initialize, networkOf } from '@winnow/models';
import { cts, findTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { encodeTicket } from '@winnow/tickets';
import { evaluate, trainUnder } from '@winnow/training';

const INPUT = { height: 8, width: 8, channels: 1 };
const CLASSES = 4;
const IMAGES = 96;

/** Noise on a patch of light whose place is the class. */
function lights(random) {
  const size = INPUT.height * INPUT.width;
  const pixels = random('images').uniforms(IMAGES * size, 0);
  const labels = Int32Array.from({ length: IMAGES }, (_, i) => i % CLASSES);
  for (const [i, label] of labels.entries())
    for (let at = label * 16; at < (label + 1) * 16; at++) pixels[i * size + at] += 1;
  return arraySource({ pixels, labels, shape: INPUT });
}

/**
 * A search of a few steps, training under its ticket and evaluation, as a visitor's page would have them: the ticket's file,
 * the trained weights and the accuracy, as bytes.
 */
export async function search(backend) {
  await backend.start();
  const random = randomStreams(1);
  const train = lights(random);
  const network = networkOf(
    ({ kernel, bias, head }, images) => {
      const hidden = tf.relu(tf.add(tf.conv2d(images, kernel, 2, 'same'), bias));
      return tf.matMul(tf.reshape(hidden, [-1, 64]), head);
    },
    {
      kernel: { shape: [3, 3, 1, 4], initializer: { kind: 'normal', std: 0.3 } },
      bias: { shape: [4], initializer: { kind: 'constant', value: 0 } },
      head: { shape: [64, CLASSES], initializer: { kind: 'normal', std: 0.1 } },
    },
    { input: INPUT },
  );
  const parameters = initialize(network, random('initialisation'));
  const recipe = {
    ...{ learningRate: 0.1, epochs: 3, dropEpochs: [2], warmupEpochs: 0 },
    ...{ weightDecay: 1e-3, batchSize: 32 },
  };
  const setting = { network, parameters, train, recipe, seed: 1 };
  const how = { density: 0.2, objective: 'loss', options: { searchEpochs: 3 } };
  const ticket = await findTicket(cts, { ...setting, ...how });
  const trained = await trainUnder(ticket, setting);
  const { accuracy } = await evaluate(network, trained, train, 32);
  const weights = Object.values(trained).flatMap((tensor) => [...tensor.dataSync()]);
  const numbers = new Uint8Array(Float32Array.of(accuracy, ...weights).buffer);
  return Uint8Array.of(...encodeTicket(ticket), ...numbers);
}
