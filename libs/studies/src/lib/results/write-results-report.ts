import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { accuracyPicture, hrefOf, renderPage, svgToPng } from '@winnow/report';
import { dataCsv } from '../tidy/result-formats.ts';
import { type PageOfRun, resultsPage } from './results-page.ts';
import type { ResultsReport } from './results-report.ts';

/** Pages of runs, as seen from one in this folder: those that are there. */
export function pagesFrom(out: string): PageOfRun {
  return (folder) => {
    const page = join(folder, 'report.html');
    return existsSync(page) ? hrefOf(relative(resolve(out), resolve(page))) : undefined;
  };
}

/**
 * Writes accuracy.svg, accuracy.png, runs.csv and report.html into a folder; of several networks and data sets a picture
 * each, `accuracy-resnet8-digits.svg`. Throws FILE_NOT_WRITABLE.
 */
export async function writeResultsReport(report: ResultsReport, out: string): Promise<void> {
  const { worlds } = report;
  for (const { title, subtitle, chance, rows, notes } of worlds) {
    const name = worlds.length > 1 ? `accuracy-${title.replace(' on ', '-')}` : 'accuracy';
    const words = [subtitle, ...notes].join('\n');
    const svg = await accuracyPicture({ title, subtitle: words, chance, results: rows });
    await writeWhole(join(out, `${name}.svg`), svg);
    await writeWhole(join(out, `${name}.png`), await svgToPng(svg, { width: 1800 }));
  }
  await writeWhole(join(out, 'runs.csv'), dataCsv(report.runs));
  await writeWhole(join(out, 'report.html'), await renderPage(resultsPage(report, pagesFrom(out))));
}
