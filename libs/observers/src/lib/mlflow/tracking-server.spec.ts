import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { ToyMlflow } from '../testing/toy-mlflow.ts';
import { TrackingServer } from './tracking-server.ts';

let server: ToyMlflow;
let uri: string;
beforeEach(async () => {
  server = new ToyMlflow();
  uri = await server.start();
  server.mishaps.set('runs/get', { mishap: 'silence', times: Infinity });
});
afterEach(() => server.stop());

const patience = (requestMs: number, stop = new AbortController()) => ({
  ...{ requestMs, waitsMs: [], stop: stop.signal },
  over: new AbortController().signal,
});

/** A request that the server has got, and does not answer. */
async function asked(own: ReturnType<typeof patience>) {
  const answer = new TrackingServer(uri, {}, own).ask('GET', 'runs/get', {}, z.unknown());
  answer.catch(() => {});
  while (server.requests.length === 0) await pause(1);
  return { answer };
}

describe('a server that does not answer', () => {
  it('is given up in time, also where memory is freed meanwhile', async () => {
    const { answer } = await asked(patience(1000));
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    for (let n = 0; n < 4; n++) {
      gc();
      await pause(20);
    }
    await expect(answer).rejects.toMatchObject({
      code: 'TRACKING_FAILED',
      sentence: `MLflow at ${uri} does not answer (not within 1 s).`,
    });
  });

  it('is given up when it is to be', async () => {
    const stop = new AbortController();
    const { answer } = await asked(patience(60_000, stop));
    stop.abort(new Error('enough'));
    const sentence = `MLflow at ${uri} does not answer (enough).`;
    await expect(answer).rejects.toMatchObject({ sentence });
  });
});

describe('a name and a password in the address', () => {
  const at = (password: string) =>
    new TrackingServer(uri.replace('//', `//me:${password}@`), {}, patience(1000));

  it('may have escapes', async () => {
    server.mishaps.clear();
    const unknown = { code: 'RESOURCE_DOES_NOT_EXIST' };
    const answer = at('s%25cret').ask('GET', 'runs/get', {}, z.unknown());
    await expect(answer).rejects.toMatchObject(unknown);
    // By base64, of me:s%cret
    expect([...server.authorizations]).toEqual(['Basic bWU6cyVjcmV0']);
  });

  it('with a % that begins none are refused, and not told', () => {
    let told: unknown;
    try {
      at('s%cret');
    } catch (error) {
      told = error;
    }
    expect(told).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('Write % as %25'),
    });
    expect(String(told)).not.toContain('cret');
  });
});
