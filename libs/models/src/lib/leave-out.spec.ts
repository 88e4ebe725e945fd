import { describe, expect, it } from '@jest/globals';
import { computedGraph } from '@winnow/plugin-api';
import { leaveOut } from './leave-out.ts';
import { networkFrom } from './network.ts';

const network = networkFrom(
  'toy',
  (layers, images, classes) => {
    const hidden = layers.relu(layers.linear('fc1', layers.flatten(images), { units: 4 }));
    return layers.linear('fc2', hidden, { units: classes });
  },
  { height: 2, width: 2, channels: 1 },
  3,
);
const prunable = ({ parameters }: typeof network) =>
  parameters.filter((p) => p.prunable).map(({ name }) => name);

describe(leaveOut, () => {
  it('keeps parameters from being pruned, and remembers which', () => {
    const one = leaveOut(network, ['fc1.*']);
    expect([prunable(one), one.leftOut]).toEqual([['fc2.weight'], ['fc1.weight']]);
    expect(prunable(network)).toEqual(['fc1.weight', 'fc2.weight']);
    expect(one.parameters.map(({ name }) => name)).toEqual(
      network.parameters.map(({ name }) => name),
    );
    expect(leaveOut(network, [])).toBe(network);
  });

  it('leaves a network that computes as its graph says, which one with another function does not', () => {
    expect(network.graph).toBeDefined();
    expect(computedGraph(network)).toBe(network.graph);
    expect(computedGraph(leaveOut(network, ['fc1.*']))).toBe(network.graph);
    type Given = Parameters<typeof network.forward>;
    const other = { ...network, forward: (...given: Given) => network.forward(...given) };
    expect(computedGraph(other)).toBeUndefined();
    expect(computedGraph(leaveOut(other, ['fc1.*']))).toBeUndefined();
  });

  it.each([
    [['fc3.*'], 'No prunable parameter is named "fc3.*".'],
    [['fc1.bias'], 'No prunable parameter is named "fc1.bias".'],
    [['*'], 'All of toy is left out of pruning.'],
  ])('refuses %j', (patterns, sentence) => {
    expect(() => leaveOut(network, patterns)).toThrow(
      expect.objectContaining({ code: 'BAD_LAYER', sentence }),
    );
  });
});
