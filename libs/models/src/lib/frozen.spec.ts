import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry } from '@winnow/plugin-api';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import fc from 'fast-check';
import plugin from './plugin.ts';

const network = new ComponentRegistry(plugin.components)
  .get('model', 'resnet8')
  .build({ height: 32, width: 32, channels: 3 }, 10, {});

async function golden() {
  const names = ['weights', 'batch', 'frozen'];
  const [weights, batch, frozen] = await Promise.all(names.map((name) => Golden.load(name)));
  const { images } = batch!.batch();
  const [parameters, statistics] = [weights!.tensors(), frozen!.tensors('running.')];
  return { parameters, statistics, images, logits: frozen!.values('logits') };
}

describe.each(quickBackendsHere())('A frozen ResNet-8 on $name', (backend) => {
  beforeAll(() => backend.start());

  it("has PyTorch's logits in eval()", async () => {
    const { parameters, statistics, images, logits } = await golden();
    const ours = network.forward(parameters, images, { statistics }).dataSync();
    expect(relativeError(ours, logits)).toBeLessThan(1e-4);
  });

  it('predicts of an image the same, whatever else is in its batch', async () => {
    const { parameters, statistics, images } = await golden();
    const predict = (options: object, chosen: number[]) =>
      tf.tidy(() => network.forward(parameters, tf.gather(images, chosen), options).arraySync());
    const alone = Array.from({ length: 16 }, (_, i) => predict({ statistics }, [i])[0]!);
    const chosen = fc.array(fc.nat(15), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(chosen, (indices) => {
        for (const [at, logits] of predict({ statistics }, indices).entries())
          expect(relativeError(logits, alone[indices[at]!]!)).toBeLessThan(1e-5);
      }),
      { numRuns: 10 },
    );
    // Which by the statistics of the batch is not so.
    expect(relativeError(predict({}, [0, 1])[0]!, predict({}, [0, 2])[0]!)).toBeGreaterThan(1e-2);
  });

  it('stays finite where a channel never varied', async () => {
    const { parameters, statistics, images } = await golden();
    const still = { ...statistics, 'stem.bn.running_var': tf.zeros([16]) };
    const logits = network.forward(parameters, images, { statistics: still });
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('wants the statistics of every layer', async () => {
    const { parameters, statistics, images } = await golden();
    const { 'stem.bn.running_var': _, ...rest } = statistics;
    expect(() => network.forward(parameters, images, { statistics: rest })).toThrow('"stem.bn"');
  });
});
