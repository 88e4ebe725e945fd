import { setTimeout as pause } from 'node:timers/promises';
import type { RunView } from './live-run.ts';
import type { LiveRuns } from './live-runs.ts';
import type { LiveSite } from './live-site.ts';

/** How a page of the site is made of the runs as they are; undefined where there is none at the path. */
export type LiveRenderer = (path: string, runs: readonly RunView[]) => Promise<string | undefined>;

/** Of pages that are asked for again and again, as many are kept. */
const MOST_PAGES = 50;

/** Pages of runs that others work on: looked at every so many milliseconds until the signal fires, made when asked for. */
export class WatchedSite implements LiveSite {
  readonly #runs: LiveRuns;
  readonly #render: LiveRenderer;
  readonly #listeners = new Set<() => void>();
  /** As long as nothing changes. */
  readonly #pages = new Map<string, Promise<string | undefined>>();

  constructor(runs: LiveRuns, render: LiveRenderer) {
    this.#runs = runs;
    this.#render = render;
  }

  page(path: string): Promise<string | undefined> {
    if (!this.#pages.has(path)) {
      if (this.#pages.size >= MOST_PAGES) this.#pages.clear();
      const page = this.#render(path, this.#runs.views());
      this.#pages.set(path, page);
      // One that could not be made is tried again.
      page.catch(() => this.#pages.delete(path));
    }
    return this.#pages.get(path)!;
  }

  onChange(changed: () => void, signal: AbortSignal): void {
    this.#listeners.add(changed);
    signal.addEventListener('abort', () => this.#listeners.delete(changed));
  }

  async follow(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#runs.look()) {
        this.#pages.clear();
        for (const changed of this.#listeners) changed();
      }
      // Which ends early where the signal fires.
      await pause(everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
