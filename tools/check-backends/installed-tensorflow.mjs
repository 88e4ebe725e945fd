// TensorFlow as `winnow backend install` makes it, in a folder that is removed afterwards:
//   node tools/check-backends/installed-tensorflow.mjs [--python python3] [--from DIR]
// It must start without a word, compute a convolution and its gradients as they come by hand, carry out a run, and leave
// nothing once it is removed. How far its ticket is from that of the backend wasm is told.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { forgetDeviceBytes, mostDeviceBytes } from '@winnow/tensor-backend';
import plugin from '@winnow/tensor-backend/node';
import { readTicket } from '@winnow/tickets/files';
import { winnow } from '../check-runs/winnow.mjs';
import { ended } from '../checks.mjs';

const { values: options } = parseArgs({
  options: { python: { type: 'string' }, from: { type: 'string' } },
});
const place = mkdtempSync(join(tmpdir(), 'winnow-tensorflow-'));
process.env.WINNOW_BACKENDS = join(place, 'backends');

let failed = 0;
function look(what, is, wanted) {
  const good = isDeepStrictEqual(is, wanted);
  if (!good) failed++;
  console.log(good ? `${what}: as it should` : `${what}: ${is} and not ${wanted}`);
}

const source = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
const made = await winnow(['backend', 'install', 'tensorflow', ...source]).ended;
console.log(made.output + made.errors);
look('the install', [made.status, /starts {3}yes/.test(made.output)], [0, true]);

await plugin.components.find(({ name }) => name === 'tensorflow').start();
forgetDeviceBytes();
// 4 MiB, seen in another shape, and 4 MiB made of it.
tf.tidy(() => tf.square(tf.reshape(tf.tile(tf.ones([1, 1024]), [1024, 1]), [2 ** 20])));
look('the most that tensors took, in MiB', Math.floor(mostDeviceBytes() / 2 ** 20), 8);
const images = tf.ones([1, 4, 4, 1]);
const filter = tf.ones([3, 3, 1, 1]);
const sum = (x, w) => tf.sum(tf.conv2d(x, w, 1, 'same'));
const numbers = (tensor) => [...tensor.dataSync()];
look(
  'a convolution',
  numbers(tf.conv2d(images, filter, 1, 'same')),
  [4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4],
);
look(
  "its images' gradient",
  numbers(tf.grads(sum)([images, filter])[0]),
  [4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4],
);
look(
  "its filter's gradient",
  numbers(tf.grads(sum)([images, filter])[1]),
  [9, 12, 9, 12, 16, 12, 9, 12, 9],
);
look(
  "a cube's second derivative",
  numbers(
    tf.grad((x) => tf.sum(tf.grad((y) => tf.sum(tf.mul(y, tf.square(y))))(x)))(
      tf.tensor1d([1, -2]),
    ),
  ),
  [6, -12],
);

const HOW =
  'run --dataset digits --model resnet8 --method cts --density 0.05 --start init --epochs 2 --search-epochs 2';
const masks = [];
for (const backend of ['tensorflow', 'wasm']) {
  const out = join(place, backend);
  const { status, errors } = await winnow([...HOW.split(' '), '--backend', backend, '--out', out])
    .ended;
  look(`a run on ${backend}`, [status, /error|warning|TF_|oneDNN/i.test(errors)], [0, false]);
  const { backend: recorded } = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'));
  look('the backend of its record', recorded, backend);
  const { layers } = await readTicket(join(out, 'ticket.safetensors'));
  masks.push([...layers.values()].flatMap(({ kept }) => [...kept]));
}
const [ticket, other] = masks;
const different = ticket.filter((bit, i) => bit !== other[i]).length;
console.log(`of ${ticket.length} bits of the mask, ${different} are others than on wasm`);

// With the native engine, where it is there, and without.
for (const env of [{}, { WINNOW_ENGINE: 'none' }])
  for (const script of [
    ['tools/check-backends/golden.mjs', 'tensorflow'],
    ['tools/check-backends/steps.mjs', 'tensorflow'],
    ['libs/tensor-backend/conformance/run-tfjs-suite.mjs', 'tensorflow'],
  ])
    look(script.join(' '), (await ended(script, { env, shown: true })).status, 0);

const removed = await winnow(['backend', 'remove', 'tensorflow']).ended;
look('the removal', [removed.status, existsSync(process.env.WINNOW_BACKENDS)], [0, false]);
rmSync(place, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
