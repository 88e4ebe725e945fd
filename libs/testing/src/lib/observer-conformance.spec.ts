import { appendFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  type ObservedRun,
  type ObserverDescriptor,
  type RunEvent,
  type RunObserver,
  defineObserver,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { type ObserverSetting, observerConformance } from './observer-conformance.ts';
import { toyEvents } from './toy-events.ts';

const logOf = ({ place }: ObservedRun) => join(place, 'log.txt');
const lineOf = (event: RunEvent) => `${JSON.stringify(event)}\n`;

/** Writes down every event when the run is over. */
function watching(run: ObservedRun): Required<RunObserver> {
  let lines = '';
  return {
    on: (event) => void (lines += lineOf(event)),
    close: () => appendFile(logOf(run), lines),
  };
}

const made = (observe: (run: ObservedRun) => unknown): ObserverDescriptor =>
  defineObserver({
    name: 'log',
    summary: 'every event, a line',
    options: z.strictObject({ every: z.int().default(1), tag: z.any().optional() }),
    observe: observe as (run: ObservedRun) => RunObserver,
  });

async function failedOf(observer: ObserverDescriptor, setting?: ObserverSetting) {
  const failed: string[] = [];
  for (const { name, run } of observerConformance(observer, setting))
    await run().catch(() => failed.push(name));
  return failed;
}

it('tells every kind of event, in every phase', () => {
  const kinds = new Set(toyEvents(1).map((e) => ('phase' in e ? `${e.type} ${e.phase}` : e.type)));
  const phases = ['pretrain', 'search', 'train', 'evaluate'];
  expect([...kinds].toSorted()).toEqual(
    [
      ...phases.flatMap((phase) => [`phase ${phase}`, `step ${phase}`]),
      ...['validation pretrain', 'validation train'],
      ...['environment', 'round', 'ticket', 'result'],
    ].toSorted(),
  );
  const told = toyEvents(1).flatMap((event) => (event.type === 'round' ? [event.round] : []));
  expect(told).toEqual([0, 1]);
  expect(JSON.parse(JSON.stringify(toyEvents(2)))).toEqual(toyEvents(2));
});

describe('observerConformance finds', () => {
  const right = made(watching);

  it('nothing in an observer that does what it must', async () => {
    expect(await failedOf(right)).toEqual([]);
    const told: RunEvent[] = [];
    expect(await failedOf(made(() => ({ on: (event: RunEvent) => told.push(event) })))).toEqual([]);
  });

  it('nothing in one that needs an option, or notes the time, when it is told', async () => {
    let time = 0;
    const timed = defineObserver({
      name: 'timed',
      summary: 'how long it took',
      options: z.strictObject({ unit: z.enum(['s', 'ms']) }),
      observe: (run, { unit }) => {
        const all = watching(run);
        return { ...all, close: () => appendFile(logOf(run), `${(time += 1)} ${unit}\n`) };
      },
    });
    const setting = { options: { unit: 's' } };
    expect(await failedOf(timed, setting)).toEqual([expect.stringMatching(/side by side/)]);
    expect(await failedOf(timed, { ...setting, left: () => 'a time' })).toEqual([]);
  });

  let last: ObservedRun;
  let count = 0;
  const seen = new Set<string>();
  it.each<[fault: string, observer: ObserverDescriptor, failing: RegExp[]]>([
    ['a name of two words', { ...right, name: 'my log' }, [/^has a name/]],
    ['a name that leads elsewhere', { ...right, name: 'a/../b' }, [/^has a name/]],
    ['no summary', { ...right, summary: '' }, [/^has a name/]],
    [
      'an on() that is to be waited for',
      made((run) => ({ on: (event: RunEvent) => appendFile(logOf(run), lineOf(event)) })),
      [/^takes all/, /^goes on/, /^leaves run/, /side by side/],
    ],
    [
      'a kind of event that it does not know',
      made(() => ({
        on({ type }: RunEvent) {
          if (type === 'round') throw new TypeError(`What is a ${type}?`);
        },
      })),
      [/^takes all/, /^goes on/, /^leaves run/, /side by side/],
    ],
    [
      'an accuracy on validation images that it does not know',
      made(() => ({
        on({ type }: RunEvent) {
          if (type === 'validation') throw new TypeError(`What is a ${type}?`);
        },
      })),
      [/^takes all/, /^goes on/, /^leaves run/, /side by side/],
    ],
    [
      'notes that it does not take',
      made(() => ({
        on(event: RunEvent) {
          if (event.type === 'ticket' && event.notes) throw new TypeError('What are notes?');
        },
      })),
      [/^takes all/, /^goes on/, /^leaves run/, /side by side/],
    ],
    [
      'a need of a result',
      made(() => {
        let result: object | undefined;
        return {
          on: (event: RunEvent) => void (event.type === 'result' && (result = event.result)),
          close: () => Promise.resolve(Object.keys(result as object)).then(() => {}),
        };
      }),
      [/^closes before/, /^goes on/],
    ],
    [
      'a run that it takes but once',
      made(({ place }) => {
        let begun = false;
        const on = () => {
          if (!begun && seen.has(place)) throw new Error('I have seen this run.');
          begun = true;
          seen.add(place);
        };
        return { on };
      }),
      [/^goes on/, /side by side/],
    ],
    [
      'events that it writes on',
      made(() => ({
        on: (event: RunEvent) => void ((event as unknown as { at: number }).at = 1),
      })),
      [/^leaves run/],
    ],
    [
      'a run that it writes on',
      made((run) => {
        (run.config as Record<string, unknown>)['watched'] = true;
        return watching(run);
      }),
      [/^leaves run/],
    ],
    [
      'the log of whichever run came last',
      made((run) => {
        last = run;
        return { on: (event: RunEvent) => appendFileSync(logOf(last), lineOf(event)) };
      }),
      [/side by side/],
    ],
    [
      'a count of the events of all runs',
      made((run) => ({
        on: () => void count++,
        close: () => appendFile(logOf(run), `${count} events\n`),
      })),
      [/side by side/],
    ],
    [
      'options that it does not look at',
      { ...right, observe: (run) => Promise.resolve(watching(run)) },
      [/^refuses/],
    ],
    [
      'options that it refuses in its own way',
      {
        ...right,
        observe: (run, given = {}) =>
          Object.keys(given).length > 0
            ? Promise.reject(new Error('I take none.'))
            : Promise.resolve(watching(run)),
      },
      [/^refuses/],
    ],
  ])('%s', async (_, observer, failing) => {
    expect(await failedOf(observer)).toEqual(failing.map((name) => expect.stringMatching(name)));
  });
});
