import { join } from 'node:path';
import { type Job, type RunResult, runInProcesses } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import type { RunEvent } from '@winnow/plugin-api';
import { accuracyPicture, htmlReport, svgToPng } from '@winnow/report';
import Table from 'cli-table3';
import { ManyRunsBar } from './many-runs-bar.ts';

export interface QuickstartRequest {
  readonly out: string;
  readonly backend: string;
  readonly parallel: number;
  readonly entry: string;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
}

const SEEDS = [1, 2, 3];
const DENSITY = 0.0025;
const CHANCE = 0.1;
const COMMON = '--dataset digits --model resnet8 --epochs 9 --batch-size 32';
const SPARSE = `--rewind-epochs 3 --density ${DENSITY} --method`;
/** The longest first, so that no core is idle at the end. */
const METHODS = [
  { label: 'CTS (kl)', flags: `${SPARSE} cts --objective kl --search-epochs 13` },
  { label: 'dense', flags: '--method dense' },
  { label: 'magnitude', flags: `${SPARSE} magnitude` },
  { label: 'random', flags: `${SPARSE} random` },
] as const;
const SHOWN_ORDER = ['dense', 'CTS (kl)', 'magnitude', 'random'];
const NEXT =
  'npx winnow run --dataset digits --model resnet8 --method cts --objective loss --density 0.005 --search-epochs 40 --seed 7';

interface LabelledResult extends RunResult {
  readonly label: string;
  readonly folder: string;
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Three seeds of four methods on the digits, with a table, a picture and a report. Resumes where it was interrupted. */
export async function quickstart(
  request: QuickstartRequest,
): Promise<{ results: readonly LabelledResult[]; text: string }> {
  const { out, backend, entry } = request;
  const jobs = METHODS.flatMap(({ label, flags }) =>
    SEEDS.map((seed): Job => {
      const name = `${label.toLowerCase().replace(/\W+/g, '-').replace(/-$/, '')}-seed${seed}`;
      const words = `${COMMON} ${flags} --seed ${seed} --json`.split(' ');
      return {
        name: `${label}, seed ${seed}`,
        command: [
          entry,
          '--no-config',
          'run',
          ...words,
          '--backend',
          backend,
          '--out',
          join(out, name),
        ],
      };
    }),
  );
  const progress = new ManyRunsBar('quickstart', { count: jobs.length, quiet: request.quiet });
  let results: LabelledResult[];
  const startedAt = performance.now();
  try {
    const outcomes = await runInProcesses(jobs, request.parallel, request.signal, (job, message) =>
      progress.update(job, message as RunEvent),
    );
    results = outcomes.map(({ job, output }) => ({
      ...(output as RunResult & { folder: string }),
      label: job.name.split(',')[0]!,
    }));
  } finally {
    progress.stop();
  }
  const minutes = (performance.now() - startedAt) / 60_000;
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
  const svg = accuracyPicture({
    title: `Digits, ResNet-8, ${found.kept} of ${found.size.toLocaleString('en')} weights`,
    subtitle: `test accuracy of ${SEEDS.length} seeds; tickets start after 3 epochs of dense training`,
    chance: CHANCE,
    results: byMethod.flat().map(({ label, seed, testAccuracy, density }) => ({
      method: label,
      seed,
      accuracy: testAccuracy,
      density,
    })),
  });
  const report = join(out, 'report.html');
  await writeWhole(join(out, 'quickstart.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeWhole(join(out, 'accuracy.png'), svgToPng(svg, { width: 1200 }));
  await writeWhole(
    report,
    htmlReport({
      title: 'Winning tickets in a few minutes',
      summary,
      sections: [
        { heading: 'Accuracy', svg, table: { columns, rows } },
        { heading: 'Go on', text: 'Another objective, density and seed:', command: NEXT },
      ],
    }),
  );
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  table.push(...rows);
  const text = [
    '',
    table.toString(),
    summary,
    `${minutes.toFixed(1)} minutes. Report: ${report}; picture: ${join(out, 'accuracy.png')}`,
    `Go on with: ${NEXT}`,
    '',
  ].join('\n');
  return { results, text };
}
