import { describe, expect, it } from '@jest/globals';
import models, { Packing } from '@winnow/models';
import { ComponentRegistry, type Network, type Road, type WhyOps } from '@winnow/plugin-api';
import { backendsHere, engineInUse } from '@winnow/tensor-backend/node';
import { Trainee } from './trainee.ts';
import { roadOf, tellRoad } from './road.ts';

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

const program = { by: 'program', layers: expect.anything() };
/** Where more is kept than few weights, a program serves by some instruction sets alone (see `keepsMuch`). */
const many = (why: WhyOps, otherwise: { by: string; why?: string } = program) =>
  /^avx/.test(engineInUse()!.instructions) ? otherwise : { by: 'ops', why };

describe.each(backendsHere())('a road on $name', (backend) => {
  it.each([
    ['few weights', resnet, 50, STANDARD, () => program],
    ['few weights without training', resnet, 50, undefined, () => program],
    [
      'few weights by the recipe authors',
      resnet,
      50,
      AUTHORS,
      () => many('recipe', { ...program, why: 'recipe' }),
    ],
    ['half of the weights', resnet, 2, STANDARD, () => many('density')],
    ['no ticket', resnet, undefined, STANDARD, () => many('density')],
    ['no ticket without training', resnet, undefined, undefined, () => many('density')],
    ['no ticket by the recipe authors', resnet, undefined, AUTHORS, () => many('density')],
    ['a model without a graph', unseen, 50, STANDARD, () => ({ by: 'ops', why: 'model' })],
  ] as const)('under %s is told as it is taken', async (_, network, n, recipe, onNative) => {
    await backend.start();
    const road = backend.name === 'native' ? onNative() : { by: 'ops', why: 'backend' };
    const mask = n === undefined ? undefined : everyNth(network, n);
    expect(roadOf(network, mask, recipe)).toEqual(road);
    if (!recipe) return;
    const packing = new Packing(network.parameters);
    const trainee = new Trainee(network, packing, new Float32Array(packing.size), mask, recipe);
    expect(trainee.byProgram).toBe(road.by === 'program');
    trainee.dispose();
  });
});

describe(tellRoad, () => {
  it.each<[Road, string]>([
    [{ by: 'program' }, 'one program'],
    [
      { by: 'program', layers: { dense: ['a', 'b'], kept: [] } },
      'one program of 2 layers, all dense',
    ],
    [
      { by: 'program', layers: { dense: [], kept: ['a', 'b'] } },
      'one program of 2 layers, all by their kept weights',
    ],
    [
      { by: 'program', layers: { dense: ['b'], kept: ['a', 'c'] } },
      'one program of 3 layers, 1 dense and 2 by their kept weights',
    ],
    [
      { by: 'program', layers: { dense: ['a', 'b'], kept: [] }, why: 'recipe' },
      'one program of 2 layers, all dense: the recipe "authors" clips by the gradient of all',
    ],
    [{ by: 'ops', why: 'backend' }, 'all weights, op by op: the backend has no programs'],
  ])('says of %j what is computed with, and why', (road, told) => {
    expect(tellRoad(road)).toBe(told);
  });
});
