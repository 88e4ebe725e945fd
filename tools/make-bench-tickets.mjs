// Makes the tickets of benchmarks/tickets that are too large to be kept in the repository, those that are not there yet,
// in the built clone: node tools/make-bench-tickets.mjs
// They are found at fresh weights by methods that need no data.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import models, { initialize } from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { magnitude, scoreWeights, synflow } from '@winnow/pruners';
import { randomStreams, startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { writeTicket } from '@winnow/tickets/files';

// In place of SynFlow's 100 rounds: its shares of the layers are what is wanted, not its accuracy.
const flow = { method: synflow, options: { iterations: 10 } };
// It leaves no channel dead, and so is the harder one.
const erk = { method: magnitude, options: { scope: 'erk' } };
const TICKETS = [
  { name: 'vgg16-0.0074-synflow', model: 'vgg16', size: 32, density: 0.0074, ...flow },
  { name: 'resnet50-0.02-synflow', model: 'resnet50', size: 224, density: 0.02, ...flow },
  { name: 'resnet50-0.02-erk', model: 'resnet50', size: 224, density: 0.02, ...erk },
];
const SEED = 1;
const CLASSES = 10;
const FOLDER = fileURLToPath(new URL('../benchmarks/tickets/', import.meta.url));

await startBackend('auto', backendsHere());
const registry = new ComponentRegistry(models.components);
for (const { name, model, size, density, method, options } of TICKETS) {
  const file = `${FOLDER}${name}.safetensors`;
  if (existsSync(file)) continue;
  const input = { height: size, width: size, channels: 3 };
  const network = registry.get('model', model).build(input, CLASSES, {});
  const parameters = initialize(network, randomStreams(SEED)('initialisation'));
  // No method here looks at it.
  const batch = { images: tf.zeros([1, size, size, 3]), labels: tf.zeros([1], 'int32') };
  const setting = { network, parameters, batch, density, options, seed: SEED };
  const { ticket } = await scoreWeights(method, setting);
  await writeTicket(file, ticket);
  tf.dispose([Object.values(parameters), Object.values(batch)]);
  console.error(`made ${file}`);
}
