import { join } from 'node:path';
import { ABLATIONS, diskRunStore, pagesAround } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import {
  type Look,
  type Page,
  type PageLink,
  type ReportText,
  accuracyPicture,
  fixed,
  meanAndDeviation,
  methodLabel,
  renderPage,
  seedCounts,
  svgToPng,
} from '@winnow/report';
import type { Check, CheckSummary, CheckedDensity } from './sanity-checks.ts';

const MEANING: Readonly<Record<Check['verdict'], string>> = {
  passed: 'passed',
  'no-difference': 'not passed',
  worse: 'worse',
  skipped: 'skipped',
};

const points = (fraction: number) => fixed(100 * fraction, 1);

function spread(values: readonly number[]): string {
  const { mean, std } = meanAndDeviation(values);
  return `${points(mean)} ± ${points(std)} %`;
}

const seedsOf = (densities: readonly CheckedDensity[]) =>
  seedCounts(densities.map(({ seeds }) => seeds.length));

const COLUMNS = [
  'density',
  'n',
  'ticket',
  'ablation',
  'its accuracy',
  'difference',
  'p',
  'verdict',
];

function row({ density, seeds, accuracies }: CheckedDensity, check: Check): string[] {
  const ticket = [
    `${Number((100 * density).toPrecision(3))} %`,
    String(seeds.length),
    spread(accuracies),
  ];
  if (check.verdict === 'skipped')
    return [...ticket, ABLATIONS[check.ablation].done, '', '', '', 'skipped'];
  const [low, high] = check.interval;
  return [
    ...ticket,
    ABLATIONS[check.ablation].done,
    spread(check.accuracies),
    `${points(check.difference)} [${points(low)}, ${points(high)}]`,
    check.p < 0.001 ? '< 0.001' : check.p.toFixed(3),
    MEANING[check.verdict],
  ];
}

/** What the table says, in words. */
function sentences({ densities, test, notes }: CheckSummary): string[] {
  const all = densities.flatMap(({ checks }) => checks);
  const made = all.filter(({ verdict }) => verdict !== 'skipped');
  const passed = made.filter(({ verdict }) => verdict === 'passed').length;
  const reasons = new Set(
    all.flatMap((check) =>
      check.verdict === 'skipped' ? [`${check.ablation} is skipped: ${check.reason}`] : [],
    ),
  );
  return [
    `${passed} of ${made.length} checks passed. Differences are in points of test accuracy: ${test}, ${seedsOf(densities)} each; a check is passed where the whole interval lies above 0, and the ablation is better where it lies below (worse).`,
    ...reasons,
    ...notes,
  ];
}

function picture(summary: CheckSummary, look?: Look): Promise<string> {
  const { model, dataset, start, rewindEpochs, testExamples, densities } = summary;
  const label = methodLabel(summary);
  const results = densities.flatMap(({ density, seeds, accuracies, checks }) => {
    const of = (method: string, values: readonly number[]) =>
      values.map((accuracy, i) => ({ method, seed: seeds[i]!, accuracy, density }));
    return [
      ...of(label, accuracies),
      ...checks.flatMap((check) =>
        check.verdict === 'skipped' ? [] : of(ABLATIONS[check.ablation].done, check.accuracies),
      ),
    ];
  });
  const from = start === 'init' ? 'initialisation' : `the rewind point, epoch ${rewindEpochs}`;
  const options = {
    title: `Sanity checks of ${label}: ${model} on ${dataset}`,
    subtitle: `${testExamples.toLocaleString('en')} test images, ${seedsOf(densities)}, from ${from}${densities.length > 1 ? '; shaded: ± 1 standard deviation' : ''}`,
    chance: 1 / summary.classes,
    results,
  };
  return accuracyPicture(options, look);
}

function checkPage(summary: CheckSummary, links: readonly PageLink[]): Page {
  const rows = rowsOf(summary);
  const [result, ...others] = sentences(summary);
  const words = rows.map(
    ([density, , ticket, ablation, own]) =>
      `at ${density}, ticket ${ticket}, ${ablation} ${own || 'skipped'}`,
  );
  return {
    title: `Sanity checks of ${methodLabel(summary)}: ${summary.model} on ${summary.dataset}`,
    summary: result!,
    links,
    sections: [
      {
        heading: 'Accuracy of tickets and their ablations',
        blocks: [
          ...others,
          {
            kind: 'chart',
            label: `Test accuracy: ${words.join('; ')}.`,
            draw: (look) => picture(summary, look),
          },
          {
            kind: 'table',
            caption: 'Differences are ticket less ablation, in points, with their 95 % interval',
            columns: COLUMNS,
            rows,
          },
        ],
      },
    ],
  };
}

const rowsOf = ({ densities }: CheckSummary) =>
  densities.flatMap((point) => point.checks.map((check) => row(point, check)));

/** Writes `check.json`, `check.png` and `report.html`, and returns what to print. */
export async function writeCheckReport(summary: CheckSummary, out: string): Promise<ReportText> {
  const text = sentences(summary);
  const report = join(out, 'report.html');
  const png = join(out, 'check.png');
  await writeWhole(
    join(out, 'check.json'),
    `${JSON.stringify({ format: 1, ...summary }, undefined, 2)}\n`,
  );
  await writeWhole(png, await svgToPng(await picture(summary), { width: 1200 }));
  const page = checkPage(summary, await pagesAround(diskRunStore(out)));
  await writeWhole(report, await renderPage(page));
  const table = { columns: COLUMNS, rows: rowsOf(summary) };
  return ['', table, ...text, `Report: ${report}; picture: ${png}`, ''];
}
