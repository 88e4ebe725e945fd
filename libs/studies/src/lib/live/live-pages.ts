import { basename } from 'node:path';
import { RunFolder, type RunResult } from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import {
  type Look,
  type Page,
  type PageBlock,
  type PageCell,
  type PageFact,
  type PageSection,
  curvesPicture,
  durationText,
  groupBy,
  hasCurves,
  minutesText,
  renderPage,
} from '@winnow/report';
import { worldsSections } from '../results/results-page.ts';
import { tableSection } from '../results/table-section.ts';
import { type WorldResults, worldOf, worldResults } from '../results/world-results.ts';
import { epochOf, liveRunPage, shareOf } from './live-run-page.ts';
import type { RunView } from './live-run.ts';
import { projectedMinutes } from './projected-end.ts';
import { runPaths } from './run-paths.ts';
import type { LiveRenderer } from './watched-site.ts';

export interface LivePagesSetting {
  /** What is watched, as its page is called. */
  readonly title: string;
  /** The folders that were given. */
  readonly folders: readonly string[];
  /** What commands are made of. */
  readonly registry: ComponentRegistry;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** As many runs under way show their curves on the first page. */
const MOST_CURVES = 4;

const count = (n: number, one: string, more = `${one}s`) =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;
const stands = ({ state }: RunView) => state === 'new' || state === 'begun';

function finished(runs: readonly RunView[]) {
  return runs.flatMap(({ folder, config, result }) =>
    result ? [{ folder: new RunFolder(folder), config, result }] : [],
  );
}

/** The minutes that are left of all, and when that will be. */
function projection(runs: readonly RunView[]): number | undefined {
  const ofKind = (run: RunView) => {
    const { method, objective, density } = run.config;
    return { ...run, kind: JSON.stringify([worldOf(run), method.name, objective?.name, density]) };
  };
  const those = (belongs: (run: RunView) => boolean) => runs.filter(belongs).map(ofKind);
  return projectedMinutes({
    done: those(({ state }) => state === 'done'),
    running: those(({ state }) => state === 'running'),
    waiting: those(stands),
  });
}

/** What a server shows of runs that others work on: all of them, and each. */
export class LivePages {
  readonly #setting: LivePagesSetting;
  readonly #pathOf: (folder: string) => string;
  /** Of the runs that are done, drawn once for as long as these are the same. */
  #results: { readonly of: readonly RunResult[]; readonly sections: readonly PageSection[] } = {
    of: [],
    sections: [],
  };

  constructor(setting: LivePagesSetting) {
    this.#setting = setting;
    this.#pathOf = runPaths(setting.folders);
  }

  /** The renderer of a site. */
  readonly render: LiveRenderer = async (path, runs) => {
    if (path === '') return renderPage(await this.#overview(runs), { script: 'live.js' });
    const run = runs.find((one) => path === `runs/${this.#pathOf(one.folder)}`);
    if (!run) return undefined;
    const { title, registry } = this.#setting;
    const page = await liveRunPage(run, { around: [{ text: title, href: '../' }], registry });
    return renderPage(page, { script: '../live.js' });
  };

  #hrefOf(folder: string): string {
    return `runs/${encodeURIComponent(this.#pathOf(folder))}`;
  }

  #link({ folder }: RunView): PageCell {
    return { text: basename(folder), href: this.#hrefOf(folder) };
  }

  async #overview(runs: readonly RunView[]): Promise<Page> {
    const { title, now } = this.#setting;
    const states = groupBy(runs, ({ state }) => state);
    const of = (state: RunView['state']) => states.get(state) ?? [];
    const waiting = runs.filter(stands);
    const left = projection(runs);
    const ends = left === undefined ? undefined : new Date(now() + 60_000 * left);
    const known = of('done').length > 0 ? 'while a run is under way' : 'once a run is done';
    const facts: PageFact[] = [
      { name: 'done', value: `${of('done').length} of ${runs.length}` },
      { name: 'under way', value: String(of('running').length) },
      { name: 'failed', value: String(of('failed').length + of('unreadable').length) },
      ends
        ? {
            name: 'about left',
            value: durationText(left!),
            beside: `until ${timeText(ends, now())}`,
          }
        : { name: 'about left', value: '–', beside: `known ${known}` },
    ];
    const isOver = of('running').length + waiting.length === 0;
    return {
      title,
      summary:
        runs.length === 0
          ? 'No run has begun. This page keeps itself up to date.'
          : isOver
            ? `${count(of('done').length, 'run is', 'runs are')} done, and none is under way or waits.`
            : `${count(of('running').length, 'run is', 'runs are')} under way, ${count(waiting.length, 'run waits', 'runs wait')}. This page keeps itself up to date.`,
      blocks: [{ kind: 'facts', facts: isOver ? facts.slice(0, 3) : facts }],
      sections: [
        ...this.#underWay(of('running')),
        ...this.#failures([...of('failed'), ...of('unreadable')]),
        ...(await this.#resultsOf(runs)),
        ...this.#waiting(waiting),
      ],
    };
  }

  #underWay(runs: readonly RunView[]): PageSection[] {
    if (runs.length === 0) return [];
    const table: PageBlock = {
      kind: 'table',
      caption: 'As of the last checkpoint of each, which come every 20 seconds',
      columns: ['run', 'phase', 'epoch', 'of the phase', 'minutes so far', 'minutes left of it'],
      rows: runs.map((run) => {
        const { progress, minutes, minutesLeft } = run;
        const far = progress
          ? [progress.phase, epochOf(progress), shareOf(progress)]
          : [run.rows.at(-1)?.phase ?? '', '', ''];
        const left = progress ? minutesText(minutesLeft) : '';
        return [this.#link(run), ...far, minutesText(minutes), left];
      }),
    };
    const curves = runs.slice(0, MOST_CURVES).flatMap((run): PageSection[] => {
      const phase = run.rows.at(-1)?.phase;
      const rows = run.rows.filter((row) => row.phase === phase);
      if (!hasCurves(rows)) return [];
      const label = `Curves of the numbers of ${basename(run.folder)} in phase ${phase}.`;
      const draw = (look: Look) => curvesPicture({ title: label, rows }, look);
      return [{ heading: basename(run.folder), blocks: [{ kind: 'chart', label, draw }] }];
    });
    return [{ heading: 'Under way', blocks: [table], sections: curves }];
  }

  #failures(runs: readonly RunView[]): PageSection[] {
    return tableSection('Failed', {
      caption: 'Each leads to the end of its log',
      columns: ['run', 'reason'],
      rows: runs.map((run) => [this.#link(run), run.failure?.reason ?? run.problem ?? '']),
    });
  }

  async #resultsOf(runs: readonly RunView[]): Promise<readonly PageSection[]> {
    const done = finished(runs);
    const of = done.map(({ result }) => result);
    const known = this.#results.of;
    if (of.length === known.length && of.every((result, i) => result === known[i]))
      return this.#results.sections;
    const worlds: WorldResults[] = [];
    for (const own of groupBy(done, worldOf).values()) worlds.push(await worldResults(own, 'test'));
    const all = worldsSections(worlds, 'test', (folder) => this.#hrefOf(folder));
    const sections = all.map(drawnOnce);
    this.#results = { of, sections };
    return sections;
  }

  #waiting(runs: readonly RunView[]): PageSection[] {
    return tableSection('Waiting', {
      caption: count(runs.length, 'run'),
      columns: ['run', 'state', 'minutes so far'],
      rows: runs.map((run) => [this.#link(run), run.state, minutesText(run.minutes)]),
    });
  }
}

/** The same section, whose charts are drawn when they are first shown and kept. */
function drawnOnce({ blocks, sections = [], ...section }: PageSection): PageSection {
  return {
    ...section,
    blocks: blocks.map((block) => {
      if (typeof block === 'string' || block.kind !== 'chart') return block;
      const drawn = new Map<Look, string>();
      const draw = async (look: Look) => {
        if (!drawn.has(look)) drawn.set(look, await block.draw(look));
        return drawn.get(look)!;
      };
      return { ...block, draw };
    }),
    sections: sections.map(drawnOnce),
  };
}

/** The time of day, with the day where that is not today's. */
function timeText(then: Date, nowMs: number): string {
  const time = then.toTimeString().slice(0, 5);
  const isToday = then.toDateString() === new Date(nowMs).toDateString();
  return isToday ? time : `${time} on ${then.toDateString().slice(0, -5)}`;
}
