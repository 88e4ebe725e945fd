import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type OpenDataset,
  RunFolder,
  type RunResult,
  openOnce,
  planRun,
} from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import { type Clock, type ComponentRegistry, systemClock } from '@winnow/plugin-api';
import {
  type Look,
  type Page,
  type ReportText,
  accuracyPicture,
  renderPage,
  svgToPng,
} from '@winnow/report';
import type { NamedRun } from './execute/named-run.ts';
import { type ManyRuns, runFolders } from './execute/run-folders.ts';
import { methodSentences } from './results/method-sentences.ts';
import { pagesFrom } from './results/write-results-report.ts';

export interface QuickstartRequest extends Omit<ManyRuns, 'plugins'> {
  /** Folder of its runs and its report. */
  readonly out: string;
  readonly registry: ComponentRegistry;
  /** Started already. */
  readonly backend: string;
  readonly clock?: Clock;
  readonly openDataset?: OpenDataset;
}

const SEEDS = [1, 2, 3];
const CHANCE = 0.1;
const COMMON = {
  dataset: 'digits',
  model: 'resnet8',
  epochs: 20,
  batchSize: 32,
  start: 'rewind',
  recipe: 'standard',
  options: {},
} as const;
const SPARSE = { rewindEpochs: 3, density: 0.0025 };
/** The longest first, so that no core is idle at the end. */
const METHODS = [
  {
    label: 'CTS (kl)',
    folder: 'cts-kl',
    method: { ...SPARSE, method: 'cts', objective: 'kl', options: { searchEpochs: 40 } },
  },
  { label: 'dense', folder: 'dense', method: { method: 'dense' } },
  { label: 'magnitude', folder: 'magnitude', method: { ...SPARSE, method: 'magnitude' } },
  { label: 'random', folder: 'random', method: { ...SPARSE, method: 'random' } },
] as const;
const SHOWN_ORDER = ['dense', 'CTS (kl)', 'magnitude', 'random'];
const TITLE = 'Winning tickets in a few minutes';
const NEXT =
  'npx winnow run --dataset digits --model resnet8 --method cts --objective loss --density 0.005 --search-epochs 40 --seed 7';

interface QuickstartRun extends NamedRun {
  readonly label: string;
}

interface LabelledResult extends RunResult {
  readonly label: string;
  readonly folder: string;
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

async function plannedRuns(request: QuickstartRequest): Promise<QuickstartRun[]> {
  const { out, registry, backend, versions, openDataset } = request;
  const open = openOnce(openDataset);
  const runs: QuickstartRun[] = [];
  for (const { label, folder, method } of METHODS) {
    for (const seed of SEEDS) {
      const asked = { ...COMMON, ...method, seed, backend, versions };
      const { config } = await planRun(asked, registry, open);
      const place = new RunFolder(join(out, `${folder}-seed${seed}`));
      runs.push({ label, name: `${label}, seed ${seed}`, folder: place, config });
    }
  }
  return runs;
}

async function labelled({ label, folder }: QuickstartRun): Promise<LabelledResult> {
  return { ...(await folder.readResult())!, folder: folder.path, label };
}

/** Three seeds of four methods on the digits, with a table, a picture and a report. Resumes where it was interrupted. */
export async function quickstart(
  request: QuickstartRequest,
): Promise<{ readonly results: readonly LabelledResult[]; readonly text: ReportText }> {
  const { out, onEvent, clock = systemClock } = request;
  const runs = await plannedRuns(request);
  onEvent({ type: 'task', task: 'quickstart', runs: runs.length });
  const startedAt = clock();
  // The pages of runs lead to what lies around them, once that is there.
  if (!existsSync(pageIn(out))) await writeWhole(pageIn(out), await renderPage(underWay(runs)));
  const errand = { until: 'end', registry: request.registry } as const;
  await runFolders(runs, errand, { ...request, plugins: [] });
  const minutes = (clock() - startedAt) / 60_000;
  return report(await Promise.all(runs.map(labelled)), out, minutes);
}

const pageIn = (out: string) => join(out, 'report.html');

function underWay(runs: readonly QuickstartRun[]): Page {
  const summary = `${runs.length} runs are under way; once they are done, they stand here.`;
  return { title: TITLE, summary, sections: [] };
}

async function report(results: readonly LabelledResult[], out: string, minutes: number) {
  const byMethod = SHOWN_ORDER.map((label) => results.filter((r) => r.label === label));
  const columns = [
    'method',
    'weights',
    ...SEEDS.map((seed) => `seed ${seed}`),
    'mean',
    'minutes a run',
  ];
  const rows = byMethod.map((runs) => [
    runs[0]!.label,
    runs[0]!.kept.toLocaleString('en'),
    ...runs.map((r) => percent(r.testAccuracy)),
    percent(mean(runs.map((r) => r.testAccuracy))),
    mean(runs.map((r) => r.minutes.pretrain + r.minutes.search + r.minutes.train)).toFixed(2),
  ]);
  const cts = byMethod[1]!;
  const found = cts[0]!;
  const summary = `Concrete Ticket Search kept ${found.kept} of ${found.size.toLocaleString('en')} weights of a ResNet-8, and they learned to read digits: ${percent(mean(cts.map((r) => r.testAccuracy)))} on ${found.testExamples} test images; chance is ${percent(CHANCE)}.`;
  const accuracies = byMethod.flat().map(({ label, seed, testAccuracy, density, ...rest }) => ({
    ...rest,
    method: label,
    seed,
    accuracy: testAccuracy,
    density,
  }));
  const draw = (look?: Look) =>
    accuracyPicture(
      {
        title: `Digits, ResNet-8, ${found.kept} of ${found.size.toLocaleString('en')} weights`,
        subtitle: `test accuracy of ${SEEDS.length} seeds; tickets start after ${SPARSE.rewindEpochs} epochs of dense training`,
        chance: CHANCE,
        results: accuracies,
      },
      look,
    );
  const pageOf = pagesFrom(out);
  const page: Page = {
    title: TITLE,
    summary,
    sections: [
      {
        heading: 'Accuracy',
        blocks: [
          {
            kind: 'chart',
            label: `Test accuracy of ${rows.map(([label, , , , , own]) => `${label} ${own}`).join(', ')}; chance is ${percent(CHANCE)}.`,
            draw,
          },
          { kind: 'table', caption: 'Test accuracy by method and seed', columns, rows },
          { kind: 'list', items: methodSentences(accuracies) },
        ],
      },
      {
        heading: 'Runs',
        blocks: [
          {
            kind: 'table',
            caption: 'The page of each',
            columns: ['method', ...SEEDS.map((seed) => `seed ${seed}`)],
            rows: byMethod.map((runs) => [
              runs[0]!.label,
              ...runs.map(({ folder, testAccuracy }) => {
                const [text, href] = [percent(testAccuracy), pageOf(folder)];
                return href === undefined ? text : { text, href };
              }),
            ]),
          },
        ],
      },
      {
        heading: 'Go on',
        blocks: ['Another objective, density and seed:', { kind: 'command', command: NEXT }],
      },
    ],
  };
  const png = join(out, 'accuracy.png');
  await writeWhole(
    join(out, 'quickstart.json'),
    `${JSON.stringify({ format: 1, results }, undefined, 2)}\n`,
  );
  await writeWhole(png, await svgToPng(await draw(), { width: 1200 }));
  await writeWhole(pageIn(out), await renderPage(page));
  const text = [
    '',
    { columns, rows },
    summary,
    `${minutes.toFixed(1)} minutes. Report: ${pageIn(out)}; picture: ${png}`,
    `Go on with: ${NEXT}`,
    '',
  ];
  return { results, text };
}
