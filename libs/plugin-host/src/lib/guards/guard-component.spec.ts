import { describe, expect, it } from '@jest/globals';
import {
  type BackendDescriptor,
  type Dataset,
  type DatasetDescriptor,
  type ModelDescriptor,
  type Objective,
  type ObjectiveInput,
  type PrunerContext,
  type PrunerDescriptor,
  type ScoringInput,
  WinnowError,
  defineBackend,
  defineDataset,
  defineModel,
  defineObjective,
  definePruner,
  interrupted,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { guardComponent } from './guard-component.ts';

const options = z.strictObject({});
const named = { name: 'mine', summary: '' };
const fail = () => {
  throw new TypeError('my own fault.');
};
const failed = (what: string) => ({
  code: 'PLUGIN_FAILED',
  message: expect.stringContaining(`${what} "mine" of plugin "theirs" failed: my own fault. `),
  cause: expect.any(TypeError),
});
/** As a plugin in JavaScript may hand it over. */
const untyped = <T>(value: unknown) => value as T;

describe('an objective', () => {
  const guarded = (evaluate: () => unknown) =>
    guardComponent<Objective>(
      defineObjective({
        ...named,
        lossScale: 2,
        stationaryAtDense: true,
        evaluate: untyped<Objective['evaluate']>(evaluate),
      }),
      'theirs',
    );
  const evaluate = (work: () => unknown) => () =>
    guarded(work).evaluate(untyped<ObjectiveInput>({}));

  it('is as it was, and known to be its plugin’s', () => {
    const scalar = { shape: [], id: 1 };
    expect({ ...guarded(() => scalar) }).toMatchObject({
      ...named,
      lossScale: 2,
      plugin: 'theirs',
    });
    expect(evaluate(() => scalar)()).toBe(scalar);
  });

  it('is named when it throws, configured or not', () => {
    expect(evaluate(fail)).toThrow(expect.objectContaining(failed('Objective')));
    const configured = guarded(fail).configure({});
    expect(configured.plugin).toBe('theirs');
    expect(() => configured.evaluate(untyped<ObjectiveInput>({}))).toThrow(
      expect.objectContaining(failed('Objective')),
    );
  });

  it('may throw errors of its own making, and is not blamed for the machine', () => {
    const own = new WinnowError('MINE', 'Mine.');
    // WebAssembly's, by its name.
    const memory = new (class RuntimeError extends Error {})('unreachable');
    for (const error of [own, interrupted(), memory]) {
      let caught: unknown;
      try {
        evaluate(() => {
          throw error;
        })();
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
    }
  });

  it('may be an instance of a class with secrets, or frozen', () => {
    class Mine {
      readonly kind = 'objective';
      readonly name = 'mine';
      readonly #scale = 3;
      get lossScale() {
        return this.#scale;
      }
      evaluate() {
        return { shape: [], scale: this.#scale };
      }
    }
    const guarded = guardComponent(untyped<Objective>(Object.freeze(new Mine())), 'theirs');
    expect(guarded.lossScale).toBe(3);
    expect(guarded.evaluate(untyped<ObjectiveInput>({}))).toMatchObject({ scale: 3 });
  });
});

it('names a pruner that throws, and lets tickets through as they are', async () => {
  const context = untyped<PrunerContext>({});
  const find = (findTicket: () => unknown) =>
    guardComponent<PrunerDescriptor>(
      definePruner({
        ...named,
        options,
        findTicket: untyped<PrunerDescriptor['findTicket']>(findTicket),
      }),
      'theirs',
    ).findTicket(context, {});
  const ticket = {};
  expect(await find(() => Promise.resolve(ticket))).toBe(ticket);
  await expect(find(fail)).rejects.toMatchObject(failed('Method'));
  await expect(
    find(() => Promise.reject(new WinnowError('NAN_SCORE', 'The score is not a number.'))),
  ).rejects.toMatchObject({
    code: 'NAN_SCORE',
    message: 'Method "mine" of plugin "theirs": The score is not a number.',
  });
});

describe('a method that scores', () => {
  const weights = Float32Array.of(1, 2);
  const guarded = (score: () => unknown) =>
    guardComponent(
      untyped<PrunerDescriptor>({
        ...{ ...named, kind: 'pruner', options, needs: [], findTicket: fail },
        scoring: () => ({ plan: fail, score }),
      }),
      'theirs',
    ).scoring!({});
  const score = (work: () => unknown) => guarded(work).score(untyped<ScoringInput>({ weights }));

  it.each([3, undefined, { plan: fail }])('is named when it gives %p for it', (made) => {
    const pruner = guardComponent(
      untyped<PrunerDescriptor>({
        ...{ ...named, kind: 'pruner', options, needs: [], findTicket: fail },
        scoring: () => made,
      }),
      'theirs',
    );
    expect(() => pruner.scoring!({})).toThrow(
      'Method "mine" of plugin "theirs" returned no plan() and score() from scoring().',
    );
  });

  it('is named when it throws, at once or later', async () => {
    expect(() => guarded(fail).plan(undefined)).toThrow(expect.objectContaining(failed('Method')));
    await expect(score(fail)).rejects.toMatchObject(failed('Method'));
    await expect(score(() => Promise.reject(new Error('broken')))).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
    });
  });
});

it('names a model that throws or builds no network', () => {
  const build = (made: () => unknown) =>
    guardComponent<ModelDescriptor>(
      defineModel({
        ...named,
        options,
        rewindEpochs: 1,
        build: untyped<ModelDescriptor['build']>(made),
      }),
      'theirs',
    ).build({ height: 2, width: 2, channels: 1 }, 3, {});
  expect(() => build(fail)).toThrow(expect.objectContaining(failed('Model')));
  expect(() => build(() => undefined)).toThrow('Model "mine" of plugin "theirs" built no network.');
});

it('names a data set that throws or opens none', async () => {
  const open = (opened: () => unknown) =>
    guardComponent<DatasetDescriptor>(
      defineDataset({
        ...named,
        options,
        open: () => Promise.resolve(untyped<Dataset>(opened())),
      }),
      'theirs',
    ).open({});
  await expect(open(fail)).rejects.toMatchObject(failed('Data set'));
  await expect(open(() => undefined)).rejects.toMatchObject({
    sentence: 'Data set "mine" of plugin "theirs" opened no data set.',
  });
});

it('names a backend that throws', async () => {
  const backend = defineBackend({
    ...named,
    priority: 1,
    start: () => Promise.reject(new TypeError('my own fault.')),
  });
  const guarded = guardComponent<BackendDescriptor>(backend, 'theirs');
  await expect(guarded.start()).rejects.toMatchObject(failed('Backend'));
});
