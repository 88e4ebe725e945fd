import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { type NetworkGraph, computing } from '@winnow/plugin-api';
import { cpu } from '../backends/cpu.ts';
import { NetworkPrograms, programRoad } from './network-programs.ts';
import { type Program, setPrograms } from './program.ts';

const INPUT = { height: 1, width: 1, channels: 2 };
const MOST = 4;
const graph: NetworkGraph = { layers: [], logits: 0 };
const network = {
  input: INPUT,
  graph,
  parameters: [],
  forward: computing(graph, () => tf.zeros([1, 2])),
};
const program: Program = {
  layers: [
    { name: 'first', road: 'dense', kept: 9, of: 10 },
    { name: 'second', road: 'kept', kept: 1, of: 10 },
    { name: 'third', road: 'dense', kept: 10, of: 10 },
  ],
  forward: (_, images) => tf.reshape(images, [-1, 2]),
  show: (_, images) => ({ logits: tf.reshape(images, [-1, 2]), captured: [] }),
  dispose: () => undefined,
};

beforeAll(async () => {
  await cpu.start();
  setPrograms('cpu', {
    instructions: () => 'avx2',
    compile: ({ batch }) => (batch <= MOST ? program : undefined),
  });
});

it('has the road of each layer, by name', () => {
  expect(programRoad(network, undefined, { differentiable: true })).toEqual({
    by: 'program',
    layers: { dense: ['first', 'third'], kept: ['second'] },
  });
});

it('says which number of images is too large for it, and serves others after that', () => {
  const programs = NetworkPrograms.of(network, undefined, { differentiable: false })!;
  tf.tidy(() => {
    const run = (images: number) =>
      programs.forward(tf.zeros([1]), tf.zeros([images, 1, 1, 2])).shape;
    expect(() => run(MOST + 1)).toThrow(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: expect.stringMatching(/ for 5 images .* lower --batch-size/s) as unknown,
      }),
    );
    expect(run(MOST)).toEqual([MOST, 2]);
  });
  programs.dispose();
});
