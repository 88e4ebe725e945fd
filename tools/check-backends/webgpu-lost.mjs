// A device that is lost in the midst of a run on the backend `webgpu`: the run ends with DEVICE_LOST, and goes on from its
// last checkpoint to the bits of a run that nothing happened to.
//   node --import @swc-node/register/esm-register tools/check-backends/webgpu-lost.mjs
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { webgpu } from '@winnow/tensor-backend/node';
import { RunFolder, memoryRunStore } from '@winnow/experiments';
import { attemptToy, planToy } from '../../libs/experiments/src/lib/testing/toy-run.ts';

/** Of eight: five of the search, and then training. */
const LOST_AT = 6;
const planned = () => planToy({ seed: 1, options: { searchEpochs: 1 } });
const start = async () => {
  await webgpu.start();
  // The toy is so small that nothing would come to the device.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
};
const ended = ['ticket.safetensors', 'weights.safetensors', 'metrics.jsonl'];

await start();
const whole = new Map();
await attemptToy(await planned(), new RunFolder(memoryRunStore(whole, 'run')));
const files = new Map();
const folder = () => new RunFolder(memoryRunStore(files, 'run'));
let steps = 0;
const observer = {
  on({ type }) {
    if (type === 'step' && ++steps === LOST_AT) tf.backend().device.destroy();
  },
};
const lossy = attemptToy(await planned(), folder(), { checkpointSeconds: 0, observer });
await assert.rejects(lossy, ({ code }) => code === 'DEVICE_LOST');
assert.ok([...files.keys()].some((name) => name.includes('checkpoint')));
await start();
await attemptToy(await planned(), folder());
for (const name of ended)
  assert.deepEqual(files.get(`run/${name}`), whole.get(`run/${name}`), name);
console.log(
  'webgpu: a run whose device was lost ends with the bits of one that nothing happened to',
);
