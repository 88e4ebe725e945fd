import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { type Page, renderPage } from '@winnow/report';
import { type PageOfRun, resultsPage, unfinishedSection } from '../results/results-page.ts';
import { resultsReport } from '../results/results-report.ts';
import type { UnfinishedRun } from '../results/unfinished-run.ts';
import { pagesFrom } from '../results/write-results-report.ts';
import type { RunStanding } from './run-standing.ts';
import { tellStates } from './tell-study.ts';

const unfinishedOf = (found: readonly RunStanding[]): UnfinishedRun[] =>
  found.flatMap(({ run: { folder }, state, failure }) =>
    state === 'done'
      ? []
      : [{ folder: folder.path, state, ...(failure && { reason: failure.reason }) }],
  );

/** The page of a study: what is done of it, and what is not. Throws what reading a run does. */
export async function studyPage(
  name: string,
  found: readonly RunStanding[],
  pageOf: PageOfRun,
): Promise<Page> {
  const done = found.flatMap(({ run, state }) => (state === 'done' ? [run.folder.path] : []));
  const unfinished = unfinishedOf(found);
  if (done.length > 0)
    return resultsPage({ ...(await resultsReport(done, 'test')), unfinished }, pageOf, name);
  return {
    title: name,
    summary: `${tellStates(found)}.`,
    sections: unfinishedSection(unfinished, pageOf),
  };
}

const placeOf = (found: readonly RunStanding[]) =>
  join(dirname(found[0]!.run.folder.path), 'report.html');

/**
 * Writes it as `report.html` into the folder of the runs, unless it is there already: a study that is done may lie where
 * nothing can be written. Throws FILE_NOT_WRITABLE too.
 */
export async function writeStudyPage(name: string, found: readonly RunStanding[]): Promise<void> {
  const place = placeOf(found);
  const html = await renderPage(await studyPage(name, found, pagesFrom(dirname(place))));
  if (!existsSync(place) || (await readFile(place, 'utf8')) !== html) await writeWhole(place, html);
}

/** The same where no page is there: those of runs lead to what lies around them. */
export async function beginStudyPage(name: string, found: readonly RunStanding[]): Promise<void> {
  if (!existsSync(placeOf(found))) await writeStudyPage(name, found);
}
