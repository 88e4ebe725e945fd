import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type GivenOptions,
  type ObservedRun,
  type ObserverDescriptor,
  type RunEvent,
  type RunObserver,
  isWinnowError,
  optionFields,
  tagOf,
} from '@winnow/plugin-api';
import { type Check, assertNamed } from './check.ts';
import { toyEvents } from './toy-events.ts';

export interface ObserverSetting {
  /** The observer's options; its defaults when left out. */
  readonly options?: GivenOptions;
  /**
   * What the observer left of the run at this place, when it was closed, for runs that are told twice to be compared: without
   * times, say. The files in that folder when left out.
   */
  readonly left?: (place: string) => unknown;
}

async function filesIn(folder: string): Promise<unknown> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
  );
}

/** Tells what happened, for which nobody waits. */
async function tell(observer: RunObserver, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) {
    const returned: unknown = observer.on(event);
    if (tagOf(returned) !== 'Promise') continue;
    // Its end, so that it writes nowhere later.
    await (returned as Promise<unknown>).catch(() => {});
    assert.fail(`on() returns a promise at a "${event.type}"`);
  }
}

/** Runs with folders of their own, which are gone afterwards. */
async function withRuns(work: (...runs: [ObservedRun, ObservedRun]) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-observer-'));
  const run = async (name: string, seed: number): Promise<ObservedRun> => {
    const place = join(folder, name);
    await mkdir(place);
    return { place, config: { model: { name: 'toy' }, seed } };
  };
  try {
    await work(await run('a', 1), await run('b', 2));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is of another type than each option; and no options at all. */
function wrongOptions({ options }: ObserverDescriptor): unknown[] {
  const typed = optionFields(options).filter(({ type }) => type !== 'other');
  return ['none', ...typed.map(({ name }) => ({ [name]: {} }))];
}

/** What an observer must do: `for (const { name, skip, run } of observerConformance(mine)) test(name, { skip }, run);` */
export function observerConformance(
  observer: ObserverDescriptor,
  { options = {}, left = filesIn }: ObserverSetting = {},
): Check[] {
  const observe = (run: ObservedRun) => observer.observe(run, options);
  const watch = async (run: ObservedRun, events: readonly RunEvent[]) => {
    const watching = await observe(run);
    await tell(watching, events);
    await watching.close?.();
  };
  const check = (name: string, work: (...runs: [ObservedRun, ObservedRun]) => Promise<void>) => ({
    name,
    run: () => withRuns(work),
  });
  return [
    {
      name: 'has a name and a summary',
      run: () => Promise.resolve().then(() => assertNamed(observer)),
    },
    check('takes all that happens in a run, and closes', (run) => watch(run, toyEvents(1))),
    check('closes before anything has happened', (run) => watch(run, [])),
    check('goes on with a run that was interrupted', async (run) => {
      const events = toyEvents(1);
      const stop = events.findIndex(({ type }) => type === 'ticket');
      const again = events.findIndex((event) => event.type === 'phase' && event.phase === 'search');
      await watch(run, events.slice(0, stop));
      await watch(run, events.slice(again));
    }),
    check('leaves run and events as they are', async (run) => {
      const [events, before] = [toyEvents(1), JSON.stringify(run)];
      await watch(run, events);
      assert.deepEqual(events, toyEvents(1), 'it changes an event');
      assert.equal(JSON.stringify(run), before, 'it changes the run');
    }),
    check('watches two runs side by side as each alone', async (...runs) => {
      const alone: unknown[] = [];
      for (const [i, run] of runs.entries()) {
        await watch(run, toyEvents(i + 1));
        alone.push(await left(run.place));
        await rm(run.place, { recursive: true });
        await mkdir(run.place);
      }
      const watching = await Promise.all(runs.map(observe));
      const [one, other] = [toyEvents(1), toyEvents(2)];
      for (const i of one.keys()) {
        await tell(watching[0]!, [one[i]!]);
        await tell(watching[1]!, [other[i]!]);
      }
      for (const each of watching) await each.close?.();
      for (const [i, { place }] of runs.entries())
        assert.deepEqual(await left(place), alone[i], 'it leaves something else beside another');
    }),
    check('refuses options that are none', async (run) => {
      for (const wrong of wrongOptions(observer))
        await assert.rejects(
          async () => observer.observe(run, wrong as GivenOptions),
          (error) => isWinnowError(error) && error.code === 'INVALID_OPTION',
          `it does not throw INVALID_OPTION for ${JSON.stringify(wrong)}`,
        );
    }),
  ];
}
