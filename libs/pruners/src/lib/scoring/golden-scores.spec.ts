import { beforeAll, describe, expect, it } from '@jest/globals';
import models, { Packing } from '@winnow/models';
import { loss } from '@winnow/objectives';
import { ComponentRegistry, type ScoringInput, nextTurn } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import { scoreWeights } from '../score-weights.ts';
import { synflow } from '../synflow.ts';
import { graspScores, hessianGradient } from './grasp-scores.ts';
import { saliencyScores } from './saliency-scores.ts';
import { synflowScores } from './synflow-scores.ts';

const network = new ComponentRegistry(models.components)
  .get('model', 'resnet8')
  .build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });
const prunable = Packing.prunable(network);

async function golden(): Promise<ScoringInput> {
  const [weights, batch] = await Promise.all([Golden.load('weights'), Golden.load('batch')]);
  return {
    network,
    parameters: weights.tensors(),
    weights: weights.concatenated('', prunable.names),
    mask: undefined,
    batches: [batch.batch()],
    heldOut: [],
    objective: loss,
    round: 0,
    random: randomStreams(0),
    nextTurn,
  };
}

/** Per parameter, since a small layer's error would drown in a large one's scores. */
function worst(scores: Float32Array, file: Golden, prefix: string): number {
  return Math.max(
    ...[...prunable.views(scores)].map(([name, { data }]) =>
      relativeError(data, Float32Array.from(file.values(prefix + name))),
    ),
  );
}

describe.each(quickBackendsHere())('scores on $name', (backend) => {
  beforeAll(() => backend.start());

  it('SNIP, the Hessian-vector product and GraSP as PyTorch computes them', async () => {
    const file = await Golden.load('saliency');
    const input = await golden();
    expect(worst(await saliencyScores(loss, input), file, 'snip.')).toBeLessThan(1e-4);
    expect(worst(await hessianGradient(input), file, 'hessianGradient.')).toBeLessThan(1e-4);
    expect(worst(await graspScores(input, false), file, 'grasp.')).toBeLessThan(1e-4);
  });

  it('averages over batches of examples', async () => {
    const input = await golden();
    const whole = await saliencyScores(loss, input);
    const twice = await saliencyScores(loss, {
      ...input,
      batches: [...input.batches, ...input.batches],
    });
    expect(relativeError(twice, whole)).toBeLessThan(1e-6);
  });

  it('the first round of SynFlow', async () => {
    const file = await Golden.load('synflow');
    const scores = synflowScores(await golden());
    expect(worst(scores, file, 'score.iteration1.')).toBeLessThan(1e-4);
  });
});

describe('SynFlow', () => {
  it('keeps after 100 rounds what the golden mask keeps, 99.5 % of it at least', async () => {
    const fastest = quickBackendsHere().at(-1)!;
    await fastest.start();
    const file = await Golden.load('synflow');
    const { parameters, batches } = await golden();
    const { ticket } = await scoreWeights(synflow, {
      network,
      parameters,
      batch: batches[0]!,
      density: 0.05,
      options: { iterations: 100 },
      seed: 0,
    });
    const expected = file.concatenated('mask.', prunable.names);
    const kept = prunable.gather(ticket.layers);
    const agreed = kept.reduce((sum, m, i) => sum + m * expected[i]!, 0);
    const count = kept.reduce((sum, m) => sum + m, 0);
    expect(agreed / count).toBeGreaterThanOrEqual(0.995);
    expect(count).toBe(expected.reduce((sum, m) => sum + m, 0));
  });
});
