import { describe, expect, it } from '@jest/globals';
import { type Architecture, networkFrom } from '@winnow/models';
import { epsilonOf, statisticsOf } from './normalizations.ts';

const graphOf = (architecture: Architecture) =>
  networkFrom('toy', architecture, { height: 4, width: 4, channels: 2 }, 5).graph!;

const twice = (epsilon: number) =>
  graphOf((layers, images, classes) => {
    const three = layers.conv('conv', images, { channels: 3, kernel: 1 });
    const flat = layers.globalAveragePool(layers.normalize('bn', three, { scale: false }));
    const logits = layers.linear('fc', flat, { units: classes });
    return layers.normalize('last', logits, { scale: false, shift: false, epsilon });
  });

describe('normalisation in files', () => {
  it("has statistics of the layer's size, also without a scale", () => {
    expect(statisticsOf(twice(1e-5))).toEqual([
      { name: 'bn.running_mean', shape: [3] },
      { name: 'bn.running_var', shape: [3] },
      { name: 'last.running_mean', shape: [5] },
      { name: 'last.running_var', shape: [5] },
    ]);
  });

  it('tells the ε of all, or of each', () => {
    expect(epsilonOf(twice(1e-5))).toEqual({ epsilon: '0.00001' });
    expect(epsilonOf(twice(1e-3))).toEqual({ epsilon: '{"bn":0.00001,"last":0.001}' });
    const none = graphOf((layers, images, classes) =>
      layers.linear('fc', layers.flatten(images), { units: classes }),
    );
    expect([none, undefined].map(epsilonOf)).toEqual([{}, {}]);
  });
});
