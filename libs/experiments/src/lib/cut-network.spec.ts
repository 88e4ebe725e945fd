import { beforeAll, expect, it } from '@jest/globals';
import { networkFrom } from '@winnow/models';
import { startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { Ticket } from '@winnow/tickets';
import { cutNetworkNote } from './cut-network.ts';

beforeAll(() => startBackend('auto', backendsHere()));

const refuse = () => {
  throw new Error('not mine');
};
const CUT =
  'no path of kept weights leads from the image to the logits: every image gets the same answer';

// Two inputs, two hidden units, two logits; rows are outputs.
it.each([
  [[0, 1, 0, 0], [1, 0, 0, 0], undefined],
  [[0, 0, 0, 1], [0, 1, 0, 0], undefined],
  [[1, 1, 0, 0], [0, 1, 0, 1], CUT],
  [[0, 0, 0, 0], [1, 1, 1, 1], CUT],
])('with first layer %j and second %j it says %j', (first, second, note) => {
  const network = networkFrom(
    'mlp',
    (layers, images, classes) => {
      const hidden = layers.relu(layers.linear('fc1', layers.flatten(images), { units: 2 }));
      return layers.linear('fc2', hidden, { units: classes });
    },
    { height: 1, width: 2, channels: 1 },
    2,
  );
  const mask = (kept: number[]) => ({ shape: [2, 2], kept: Uint8Array.from(kept) });
  const ticket = new Ticket({
    layers: new Map([
      ['fc1.weight', mask(first)],
      ['fc2.weight', mask(second)],
    ]),
    provenance: { method: 'mine', density: 0.5, seed: 1, model: 'mlp', weightsHash: '' },
  });
  expect(cutNetworkNote(network, ticket)).toBe(note);
  const failing = { ...network, synapticFlow: refuse };
  expect(cutNetworkNote(failing, ticket)).toBeUndefined();
});

it('says nothing of a network with gates, which are half open where nothing is kept of them', () => {
  const network = networkFrom(
    'gated',
    (layers, images, classes) => {
      const x = layers.flatten(images);
      const gate = layers.sigmoid(layers.linear('gate', x, { units: 2 }));
      return layers.linear('fc', layers.multiply(x, gate), { units: classes });
    },
    { height: 1, width: 2, channels: 1 },
    2,
  );
  const mask = (kept: number) => ({ shape: [2, 2], kept: new Uint8Array(4).fill(kept) });
  const ticket = new Ticket({
    layers: new Map([
      ['gate.weight', mask(0)],
      ['fc.weight', mask(1)],
    ]),
    provenance: { method: 'mine', density: 0.5, seed: 1, model: 'gated', weightsHash: '' },
  });
  expect(cutNetworkNote(network, ticket)).toBeUndefined();
});
