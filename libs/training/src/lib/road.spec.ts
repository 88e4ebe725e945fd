import { describe, expect, it } from '@jest/globals';
import models, { Packing } from '@winnow/models';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { backendsHere } from '@winnow/tensor-backend/node';
import { Trainee } from './trainee.ts';
import { type Road, roadOf, tellRoad } from './road.ts';

const STANDARD = { name: 'standard', momentum: 0.9, weightDecay: 0, clipNorm: 2 } as const;
const AUTHORS = { ...STANDARD, name: 'authors' } as const;
const shape = { height: 8, width: 8, channels: 1 };
const resnet = new ComponentRegistry(models.components)
  .get('model', 'resnet8')
  .build(shape, 10, {});

/** Keeps every nth prunable weight, and all that is not pruned. */
function everyNth({ parameters }: Network, n: number): Uint8Array {
  return Uint8Array.from(
    parameters.flatMap(({ shape, prunable }) =>
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
        prunable && i % n > 0 ? 0 : 1,
      ),
    ),
  );
}

const { graph: _, ...unseen } = resnet;

describe.each(backendsHere())('a road on $name', (backend) => {
  const program: Road =
    backend.name === 'native' ? { by: 'program' } : { by: 'ops', why: 'backend' };
  const refused = (why: 'model' | 'density'): Road =>
    backend.name === 'native' ? { by: 'ops', why } : program;

  it.each([
    ['few weights', resnet, 50, STANDARD, program],
    ['few weights without training', resnet, 50, undefined, program],
    ['few weights by the recipe authors', resnet, 50, AUTHORS, { by: 'ops', why: 'recipe' }],
    ['all weights', resnet, 1, STANDARD, refused('density')],
    ['a model without a graph', unseen, 50, STANDARD, refused('model')],
  ] as const)('under %s is told as it is taken', async (_, network, n, recipe, road) => {
    await backend.start();
    const mask = everyNth(network, n);
    expect(roadOf(network, mask, recipe)).toEqual(road);
    if (!recipe) return;
    const packing = new Packing(network.parameters);
    const trainee = new Trainee(network, packing, new Float32Array(packing.size), mask, recipe);
    expect(trainee.sparse).toBe(road.by === 'program');
    trainee.dispose();
  });

  it('without a ticket is that of all weights', () => {
    expect(roadOf(resnet, undefined, STANDARD)).toEqual({ by: 'ops', why: 'no-ticket' });
  });
});

describe(tellRoad, () => {
  it('says what is computed with, and why', () => {
    expect(tellRoad({ by: 'program' })).toBe('kept weights alone, as one program');
    expect(tellRoad({ by: 'ops', why: 'backend' })).toBe(
      'all weights, op by op: the backend has no programs',
    );
  });
});
