// What must be true of the backend `webgpu` beside its numbers: how it starts, reads, fails, and lets the process end.
//   node tools/check-backends/webgpu-behaviour.mjs
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { cpu, forgetDeviceBytes, mostDeviceBytes } from '@winnow/tensor-backend';
import { webgpu } from '@winnow/tensor-backend/node';

const SIDE = 64;
/** So large that it is computed on the device. */
const filled = (value) => tf.mul(tf.fill([SIDE, SIDE], value), 2);
const failsWith = (code) => (error) => error.code === code;
const globals = Object.keys(Object.getOwnPropertyDescriptors(globalThis));
const { setImmediate } = globalThis;

const [device] = await webgpu.devices();
if (device.software) {
  await assert.rejects(webgpu.start({ byAuto: true }), ({ code, message }) => {
    return code === 'BACKEND_UNAVAILABLE' && message.includes(device.name);
  });
}
await webgpu.start();
assert.equal(tf.getBackend(), 'webgpu');
assert.deepEqual(Object.keys(Object.getOwnPropertyDescriptors(globalThis)), globals);

// Reads: at once, while others are pending, and of a tensor that is gone before its read is answered.
const [first, second, gone] = [filled(1), filled(2), filled(4)];
const pending = [first.data(), first.data(), second.data(), tf.backend().read(gone.dataId)];
gone.dispose();
assert.equal(filled(3).dataSync()[SIDE], 6);
assert.deepEqual(
  (await Promise.all(pending)).map((values) => values[SIDE]),
  [2, 2, 4, 8],
);
for (let i = 0; i < 50; i++)
  assert.equal(
    tf.tidy(() => filled(i).dataSync()[i]),
    2 * i,
  );
assert.equal(globalThis.setImmediate, setImmediate);

// What TensorFlow.js's shaders have wrong: NaN, the logarithm of 0, sums of rows of another length, many terms.
const big = (values) => tf.tile(tf.tensor1d(values), [500]);
for (const op of ['sigmoid', 'acosh', 'asinh', 'atanh', 'exp', 'log', 'log1p', 'relu', 'tanh']) {
  const [nan, number] = tf[op](big([NaN, op === 'acosh' ? 1 : 0])).dataSync();
  assert.ok(Number.isNaN(nan) && !Number.isNaN(number), op);
}
for (const op of ['softmax', 'logSoftmax']) {
  const [nan] = tf[op](tf.tensor2d([[1, NaN, 2], [1, 2, 3]])).dataSync(); // prettier-ignore
  assert.ok(Number.isNaN(nan), op);
}
// A filter's gradient over several tiles of columns and parts of pixels, beside loops in float64.
{
  const [n, h, w, inputs, outputs, stride] = [16, 9, 8, 5, 130, 2];
  const [top, bottom, left, right] = [2, 0, 0, 1];
  const [outH, outW] = [(h + top + bottom - 3) / stride + 1, (w + left + right - 3) / stride + 1];
  const x = Float32Array.from({ length: n * h * w * inputs }, (_, i) => Math.sin(i));
  const dy = Float32Array.from({ length: n * outH * outW * outputs }, (_, i) => Math.cos(i));
  const exact = new Float64Array(9 * inputs * outputs);
  for (let pixel = 0; pixel < n * outH * outW; pixel++) {
    const [image, row, column] = [
      Math.floor(pixel / (outH * outW)),
      Math.floor(pixel / outW) % outH,
      pixel % outW,
    ];
    for (let k = 0; k < 9 * inputs; k++) {
      const tap = Math.floor(k / inputs);
      const r = row * stride + Math.floor(tap / 3) - top;
      const c = column * stride + (tap % 3) - left;
      if (r < 0 || r >= h || c < 0 || c >= w) continue;
      const value = x[((image * h + r) * w + c) * inputs + (k % inputs)];
      for (let o = 0; o < outputs; o++) exact[k * outputs + o] += value * dy[pixel * outputs + o];
    }
  }
  const sides = [[0, 0], [top, bottom], [left, right], [0, 0]]; // prettier-ignore
  const loss = (filter) =>
    tf.sum(
      tf.mul(
        tf.conv2d(tf.tensor4d(x, [n, h, w, inputs]), filter, stride, sides),
        tf.tensor4d(dy, [n, outH, outW, outputs]),
      ),
    );
  const found = tf
    .grad(loss)(tf.zeros([3, 3, inputs, outputs]))
    .dataSync();
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - exact[i]) <= 1e-5 * largest, `a filter's gradient, number ${i}`);
}
assert.equal(tf.log(big([0, 1])).dataSync()[0], -Infinity);
const exponents = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 25);
for (const [i, value] of tf.exp(tf.tensor1d(exponents)).dataSync().entries()) {
  const exact = Math.exp(exponents[i]);
  assert.ok(Math.abs(value - exact) <= 1.2e-7 * exact, `exp ${exponents[i]} = ${value}`);
}
for (const [row, sums] of [
  [
    [1, 2, 3, 4, 5],
    [15, 14, 12, 9, 5],
  ],
  [
    [4, 6, 5],
    [15, 11, 5],
  ],
]) {
  assert.deepEqual([...tf.cumsum(tf.tensor1d(row), 0, false, true).dataSync()], sums);
}
const terms = Array.from({ length: 40 }, (_, i) => filled(i));
assert.equal(tf.addN(terms).dataSync()[0], 40 * 39);

// Memory: buffers of sizes that do not come back are not kept for ever.
const before = tf.memory().numBytesAllocatedInGPU;
for (let i = 1; i <= 40; i++)
  tf.tidy(() => void tf.add(tf.mul(tf.fill([i, 1 << 15], 1), 2), 1).dataSync());
const grown = tf.memory().numBytesAllocatedInGPU - before;
assert.ok(grown < 2 ** 27, `${grown} bytes are kept`);

// The most that was in use is told, once it is gone too: here 16 MiB, and what made them.
forgetDeviceBytes();
const { numBytesInGPU } = tf.memory();
tf.tidy(() => void tf.tile(filled(1), [1024, 1]));
const used = mostDeviceBytes() - numBytesInGPU;
assert.ok(used >= 2 ** 24 && used < 2 ** 24 + 2 ** 17, `${used} bytes were used`);

// Failures: told by the next read, and only by it.
tf.backend().device.createBuffer({ size: 16, usage: 0xffff });
assert.throws(() => filled(1).dataSync(), failsWith('DEVICE_FAILED'));
assert.equal(filled(1).dataSync()[0], 2);
tf.backend().device.createBuffer({ size: 16, usage: 0xffff });
await assert.rejects(filled(1).data(), failsWith('DEVICE_FAILED'));
assert.throws(() => tf.mul(tf.fill([1 << 16, 1 << 16], 1), 2), failsWith('OUT_OF_MEMORY'));

// A device that is lost, under a read at once and under one that is pending; the next start gets another one.
tf.backend().device.destroy();
assert.throws(() => filled(1).dataSync(), failsWith('DEVICE_LOST'));
await assert.rejects(filled(1).data(), failsWith('DEVICE_LOST'));
await webgpu.start();
const read = filled(2).data();
tf.backend().device.destroy();
await assert.rejects(read, failsWith('DEVICE_LOST'));
await webgpu.start();
assert.equal(filled(7).dataSync()[0], 14);

// Tensors come along to another backend.
const moved = filled(5);
await cpu.start();
assert.equal(tf.add(moved, 1).dataSync()[0], 11);
console.log(`webgpu on ${device.name}: starts, reads, fails and ends as it should`);
