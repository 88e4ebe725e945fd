import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelConformance } from '@winnow/testing';
import { slimMobilenet } from './slim-mobilenet.ts';

const input = { height: 8, width: 8, channels: 1 };
const weights = {
  stem: 9 * 4,
  depthwise: 9 * (4 + 8 + 16 + 16),
  pointwise: 4 * 8 + 8 * 16 + 16 * 16 + 16 * 32,
  fc: 32 * 10,
};
const prunable = Object.values(weights).reduce((a, b) => a + b);
// Scale and shift of each channel that is normalised, and the biases of the last layer.
const others = 2 * (4 + (4 + 8) + (8 + 16) + (16 + 16) + (16 + 32)) + 10;
const setting = { input, options: { width: 4 }, counts: { prunable, all: prunable + others } };

for (const { name, skip, run } of modelConformance(slimMobilenet, setting))
  test(name, { skip }, run);

test('has one filter for each channel in its depthwise convolutions', () => {
  const { parameters } = slimMobilenet.build(input, 10, { width: 4 });
  const of = (name: string) => parameters.find((it) => it.name === `${name}.weight`);
  assert.equal(
    of('block3.depthwise.conv')?.shape.reduce((a, b) => a * b),
    9 * 16,
  );
  // At 4×4 pixels, which the second block's stride leaves of 8×8.
  assert.equal(of('block3.depthwise.conv')?.usesPerImage, 16);
  assert.equal(of('block4.pointwise.conv')?.usesPerImage, 4);
});
