import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type FoundRun, findRuns } from '../results/find-runs.ts';
import { LiveRun, type RunView } from './live-run.ts';

/** Folders of runs that stand still are asked whether they have changed, so many a round, lest a shared disk be busy with us. */
const ASKED_A_ROUND = 100;
/** Every so many rounds it is looked whether there are new runs. */
const ROUNDS_A_SEARCH = 4;

interface Followed {
  readonly run: LiveRun;
  /** When its folder had changed last, as of the last look. */
  changedMs: number;
}

const isSettled = ({ state }: RunView) => state === 'done';

/** The runs at or below some folders, followed while others work on them. It only reads, and polls sparingly: by turns. */
export class LiveRuns {
  readonly #folders: readonly string[];
  readonly #followed = new Map<string, Followed>();
  #round = 0;
  /** Whose turn it is among those that stand still. */
  #turn = 0;

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Folders to come need not be there yet. Throws what `findRuns` does. */
  static async at(folders: readonly string[], toCome: readonly string[] = []): Promise<LiveRuns> {
    const live = new LiveRuns([...folders, ...toCome]);
    await live.#follow([...folders, ...toCome.filter((folder) => existsSync(folder))]);
    return live;
  }

  /** In the order of their names. */
  views(): RunView[] {
    return [...this.#followed.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { run }]) => run.view);
  }

  /** Looks at the runs under way, at some of the others, and now and then for new ones; whether anything has changed. */
  async look(): Promise<boolean> {
    this.#round++;
    const isDue = this.#followed.size === 0 || this.#round % ROUNDS_A_SEARCH === 0;
    const found = isDue ? await this.#follow(await this.#unknown()) : 0;
    const all = [...this.#followed.values()];
    const [active, still] = [
      all.filter(({ run }) => run.view.state === 'running'),
      all.filter(({ run }) => run.view.state !== 'running' && !isSettled(run.view)),
    ];
    const asked = Array.from(
      { length: Math.min(ASKED_A_ROUND, still.length) },
      (_, i) => still[(this.#turn + i) % still.length]!,
    );
    this.#turn += asked.length;
    const woken = await someAtATime(asked, async (one) =>
      (await changedMs(one.run)) === one.changedMs ? [] : [one],
    );
    const due = [...active, ...woken.flat()];
    const changed = await someAtATime(due, lookAgain);
    return found > 0 || changed.includes(true);
  }

  /** Folders beside known runs, and in those that were given, that are not known. */
  async #unknown(): Promise<string[]> {
    const around = new Set([...this.#followed.keys()].map((path) => dirname(path)));
    for (const folder of this.#folders)
      if (!this.#followed.has(resolve(folder))) around.add(resolve(folder));
    const found = await someAtATime([...around], async (place) => {
      const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
      return entries.filter((one) => one.isDirectory()).map(({ name }) => join(place, name));
    });
    return found.flat().filter((path) => !this.#followed.has(path) && !around.has(path));
  }

  /** Follows the runs at or below some folders; how many there are. */
  async #follow(folders: readonly string[]): Promise<number> {
    const { runs } = await findRuns(folders);
    const fresh = runs.filter(({ folder }) => !this.#followed.has(resolve(folder.path)));
    await someAtATime(fresh, async ({ folder, config }: FoundRun) => {
      const one = { run: new LiveRun(folder, config), changedMs: 0 };
      await lookAgain(one);
      this.#followed.set(resolve(folder.path), one);
    });
    return fresh.length;
  }
}

async function changedMs({ folder }: LiveRun): Promise<number> {
  return (await stat(folder.path).catch(() => undefined))?.mtimeMs ?? 0;
}

/** Whether its view is another one. */
async function lookAgain(one: Followed): Promise<boolean> {
  // Before the look, so that what changes meanwhile is seen the next time.
  one.changedMs = await changedMs(one.run);
  const before = JSON.stringify(one.run.view);
  return JSON.stringify(await one.run.look()) !== before;
}
