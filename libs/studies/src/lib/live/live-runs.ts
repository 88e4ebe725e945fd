import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RunFolder } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { groupBy } from '@winnow/report';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type FoundRun, findRuns } from '../results/find-runs.ts';
import { LiveRun, type RunView } from './live-run.ts';

/** Folders of runs that stand still are asked whether they have changed, so many a round, lest a shared disk be busy with us. */
const ASKED_A_ROUND = 100;
/** Likewise those that are done, which seldom change any more. */
const DONE_ASKED_A_ROUND = 20;
/** Every so many rounds it is looked whether there are new runs. */
const ROUNDS_A_SEARCH = 4;

interface Followed {
  run: LiveRun;
  /** When its folder had changed last, as of the last look. */
  changedMs: number;
}

/** Of some things a few at a time, each in its turn. */
class Turns {
  #next = 0;

  of<T>(all: readonly T[], most: number): T[] {
    const taken = Array.from(
      { length: Math.min(most, all.length) },
      (_, i) => all[(this.#next + i) % all.length]!,
    );
    this.#next += taken.length;
    return taken;
  }
}

/** The runs at or below some folders, followed while others work on them. It only reads, and polls sparingly: by turns. */
export class LiveRuns {
  /** Those that were given, whole. */
  readonly #roots: ReadonlySet<string>;
  readonly #followed = new Map<string, Followed>();
  #round = 0;
  readonly #stillTurns = new Turns();
  readonly #doneTurns = new Turns();

  private constructor(folders: readonly string[]) {
    this.#roots = new Set(folders.map((folder) => resolve(folder)));
  }

  /** Folders to come need not be there yet. Throws what `findRuns` does. */
  static async at(folders: readonly string[], toCome: readonly string[] = []): Promise<LiveRuns> {
    const live = new LiveRuns([...folders, ...toCome]);
    const there = toCome.filter((folder) => existsSync(folder));
    await live.#follow((await findRuns([...folders, ...there])).runs);
    return live;
  }

  /** In the order of their names. */
  views(): RunView[] {
    return [...this.#followed.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { run }]) => run.view);
  }

  /**
   * Looks at the runs under way, at some of the others, and now and then for new ones; whether anything has changed. A run
   * whose folder has gone is forgotten.
   */
  async look(): Promise<boolean> {
    this.#round++;
    const isDue = this.#followed.size === 0 || this.#round % ROUNDS_A_SEARCH === 0;
    const found = isDue ? await this.#search() : 0;
    const states = groupBy([...this.#followed.values()], ({ run: { view } }) =>
      view.state === 'running' || view.state === 'done' ? view.state : 'still',
    );
    const of = (state: 'running' | 'done' | 'still') => states.get(state) ?? [];
    const asked = [
      ...this.#stillTurns.of(of('still'), ASKED_A_ROUND),
      ...this.#doneTurns.of(of('done'), DONE_ASKED_A_ROUND),
    ];
    const woken = await someAtATime(asked, async (one) =>
      (await changedMs(one.run)) === one.changedMs ? [] : [one],
    );
    const changed = await someAtATime([...of('running'), ...woken.flat()], (one) =>
      this.#lookAt(one),
    );
    return found > 0 || changed.includes(true);
  }

  /** Whether its view is another one, or has gone. */
  async #lookAt(one: Followed): Promise<boolean> {
    // Before the look, so that what changes meanwhile is seen the next time.
    const at = await changedMs(one.run);
    if (at === undefined) return this.#followed.delete(resolve(one.run.folder.path));
    const before = JSON.stringify(one.run.view);
    one.changedMs = at;
    one.run = await current(one.run);
    return JSON.stringify(await one.run.look()) !== before;
  }

  /** Follows runs that have come; how many there are. What cannot be read now is looked at the next time. */
  async #search(): Promise<number> {
    const found = await someAtATime(await this.#unknown(), (path) =>
      findRuns([path]).catch((error: unknown) => {
        if (!isWinnowError(error)) throw error;
        return { runs: [] };
      }),
    );
    return this.#follow(found.flatMap(({ runs }) => runs));
  }

  /** Folders within those that were given that neither are known runs nor have any in them; a given run that had gone. */
  async #unknown(): Promise<string[]> {
    const around = new Set([...this.#roots].filter((root) => !this.#followed.has(root)));
    for (const path of this.#followed.keys()) {
      for (let at = path; !this.#roots.has(at);) {
        at = dirname(at);
        if (around.has(at)) break;
        around.add(at);
      }
    }
    const found = await someAtATime([...around], async (place) => {
      const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
      const isRun = entries.some(({ name }) => name === 'config.json');
      if (isRun) return [place];
      return entries.filter((one) => one.isDirectory()).map(({ name }) => join(place, name));
    });
    return found
      .flat()
      .filter((path) => !this.#followed.has(path) && (this.#roots.has(path) || !around.has(path)));
  }

  async #follow(runs: readonly FoundRun[]): Promise<number> {
    const fresh = runs.filter(({ folder }) => !this.#followed.has(resolve(folder.path)));
    await someAtATime(fresh, async ({ folder, config }) => {
      const run = new LiveRun(folder, config);
      const at = (await changedMs(run)) ?? 0;
      await run.look();
      this.#followed.set(resolve(folder.path), { run, changedMs: at });
    });
    return fresh.length;
  }
}

/** Undefined where it has gone. */
async function changedMs({ folder }: LiveRun): Promise<number | undefined> {
  return (await stat(folder.path).catch(() => undefined))?.mtimeMs;
}

/** The run that is there now: where one was removed, another may have its folder. */
async function current(run: LiveRun): Promise<LiveRun> {
  const folder = new RunFolder(run.folder.path);
  // Of what cannot be read the look tells.
  const config = await folder.readConfig().catch(() => undefined);
  const isSame = !config || JSON.stringify(config) === JSON.stringify(run.view.config);
  return isSame ? run : new LiveRun(folder, config);
}
