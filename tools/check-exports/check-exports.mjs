// Compares the exports of a finished run with Winnow's own logits on its test images, in other programs:
//   node tools/check-exports/check-exports.mjs RUN [--images 1000] [--python python3] [--chromium chromium]
// onnxruntime-web needs nothing; `--python` is one with PyTorch and NumPy, and the run then a ResNet for small images. Ends
// with 1 where a difference is not below TOLERANCE of the largest logit, or a prediction is another.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { fileOrder } from '@winnow/data';
import data from '@winnow/datasets';
import { RunFolder, reopenDataset } from '@winnow/experiments';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import * as ort from 'onnxruntime-web';
import { inBrowser } from './in-browser.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '1000' },
    python: { type: 'string' },
    chromium: { type: 'string' },
  },
});
const WINNOW = fileURLToPath(new URL('../../apps/cli/bin/winnow.js', import.meta.url));
const BATCH = 100;
const TOLERANCE = 1e-4;
const run = new RunFolder(positionals[0]);
const config = await run.readConfig();
const registry = new ComponentRegistry([...data.components, ...models.components]);
const folder = await mkdtemp(join(tmpdir(), 'winnow-exports-'));

function exportAs(format, name) {
  const out = join(folder, name);
  execFileSync(process.execPath, [WINNOW, 'export', run.path, '--format', format, '--out', out]);
  return out;
}

/** Our logits with the frozen statistics, and the images that they are of. */
async function reference(safetensors) {
  await wasm.start();
  const { test } = await reopenDataset(config, registry);
  const count = Math.min(Number(options.images), test.length);
  const { images } = await test.read(fileOrder(test.length).subarray(0, count));
  const { height, width, channels } = config.input;
  const shape = [count, height, width, channels];
  const { name, options: modelOptions } = config.model;
  const network = registry.get('model', name).build(config.input, config.classes, modelOptions);
  const { tensors } = await readSafetensors(safetensors);
  const parameters = Object.fromEntries(
    [...tensors].map(([key, { shape, data }]) => [key, tf.tensor(data, [...shape])]),
  );
  const all = tf.tensor4d(images, shape);
  const batches = tf.split(
    all,
    Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => Math.min(BATCH, count - i * BATCH)),
  );
  const logits = batches.map((batch) =>
    tf.tidy(() => network.forward(parameters, batch, { statistics: parameters }).dataSync()),
  );
  const nchw = tf.transpose(all, [0, 3, 1, 2]);
  return {
    shape,
    images,
    nchw: { shape: nchw.shape, data: nchw.dataSync() },
    logits: Float32Array.from(logits.flatMap((part) => [...part])),
  };
}

async function inOnnxruntime(path, { shape, data }) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(await readFile(path));
  const { logits } = await session.run({ images: new ort.Tensor('float32', data, shape) });
  return logits.data;
}

function report(name, theirs, ours) {
  const difference = ours.reduce((max, x, i) => Math.max(max, Math.abs(x - theirs[i])), 0);
  const largest = ours.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const classes = config.classes;
  const best = (x, i) =>
    x.subarray(i * classes, (i + 1) * classes).reduce((b, v, c, row) => (v > row[b] ? c : b), 0);
  const count = ours.length / classes;
  const same = Array.from({ length: count }, (_, i) => best(theirs, i) === best(ours, i));
  // NaN is below nothing.
  const agree =
    theirs.length === ours.length && difference / largest < TOLERANCE && same.every(Boolean);
  if (!agree) process.exitCode = 1;
  console.log(
    `${name.padEnd(14)} ${theirs.length / classes} images: largest difference ${difference.toExponential(2)}, ${(difference / largest).toExponential(2)} of the largest logit; ${same.filter(Boolean).length} of ${count} predictions the same${agree ? '' : ': THEY DIFFER'}`,
  );
}

try {
  const safetensors = exportAs('safetensors', 'model.safetensors');
  const ours = await reference(safetensors);
  report(
    'onnxruntime',
    await inOnnxruntime(exportAs('onnx', 'model.onnx'), ours.nchw),
    ours.logits,
  );
  if (options.python) {
    for (const format of ['coo', 'csr']) exportAs(format, `${format}.safetensors`);
    await writeSafetensors(join(folder, 'reference.safetensors'), [['images', ours.nchw]]);
    const script = fileURLToPath(new URL('in_pytorch.py', import.meta.url));
    execFileSync(options.python, [script, folder], { stdio: 'inherit' });
    const logits = await readFile(join(folder, 'pytorch.bin'));
    report('PyTorch', new Float32Array(new Uint8Array(logits).buffer), ours.logits);
  }
  if (options.chromium) {
    const model = exportAs('tfjs', 'tfjs');
    const logits = await inBrowser(model, ours.images, ours.shape, options.chromium);
    report('Chromium', logits, ours.logits);
  }
} finally {
  await rm(folder, { recursive: true });
}
