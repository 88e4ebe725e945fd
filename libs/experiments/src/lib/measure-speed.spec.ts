import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import { INTERRUPTED } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { type SpeedSetting, measureSpeed } from './measure-speed.ts';
import { buildNetwork } from './run-network.ts';
import { TOYS, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** A clock by which each step takes as long as it says. */
function clockOf(ms: number) {
  let asked = 0;
  return () => (asked++ >> 1) * 1e6 + (asked % 2 ? 0 : ms);
}

async function setting(own: Partial<SpeedSetting>): Promise<SpeedSetting> {
  const { config } = await planToy({});
  const network = buildNetwork(config, TOYS);
  const { size } = new Packing(network.parameters);
  const parameters = new Float32Array(size).fill(0.5);
  const signal = new AbortController().signal;
  const { recipe } = config;
  return { network, parameters, mask: undefined, batch: 4, recipe, backend: 'cpu', signal, ...own };
}

it('times dense network and ticket, and leaves nothing behind', async () => {
  const given = await setting({ clock: clockOf(12.3456) });
  const mask = new Uint8Array(given.parameters.length).fill(1, 2);
  const before = tf.memory().numTensors;
  const each = { train: 12.3, inference: 12.3 };
  const place = { batch: 4, backend: 'cpu', threads: 1 };
  expect(await measureSpeed(given)).toEqual({ ...place, dense: each });
  expect(await measureSpeed({ ...given, mask })).toEqual({ ...place, dense: each, ticket: each });
  expect(tf.memory().numTensors).toBe(before);
  expect(new Set(given.parameters)).toEqual(new Set([0.5]));
});

it('measures nothing after a step that takes too long', async () => {
  const clock = clockOf(2001);
  let asked = 0;
  const counted = () => {
    asked++;
    return clock();
  };
  const { dense } = await measureSpeed(await setting({ clock: counted }));
  expect(dense).toEqual({ train: null, inference: null });
  expect(asked).toBe(2);
});

it('ends where it is interrupted', async () => {
  const given = await setting({ signal: AbortSignal.abort() });
  await expect(measureSpeed(given)).rejects.toMatchObject({ code: INTERRUPTED });
});
