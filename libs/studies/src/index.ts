export type { Replicate } from './lib/check/plan-checks.ts';
export { writeCheckReport } from './lib/check/check-report.ts';
export {
  sanityChecks,
  type Check,
  type CheckRequest,
  type CheckSummary,
  type CheckedDensity,
  type SkippedCheck,
} from './lib/check/sanity-checks.ts';
export type { Verdict } from './lib/check/verdict.ts';
export { welchTest, type WelchTest } from './lib/statistics/welch-test.ts';
export { writeComparison } from './lib/compare/compare-report.ts';
export { compareRuns, type CompareSetting } from './lib/compare/compare-runs.ts';
export { comparedAgain, comparedAnew, type Compared } from './lib/compare/compared-runs.ts';
export type { ComparedTicket, Comparison } from './lib/compare/compare-tickets.ts';
export { givenRuns } from './lib/compare/given-runs.ts';
export type { ComparisonRequest } from './lib/compare/plan-comparison.ts';
export type { NamedRun } from './lib/execute/named-run.ts';
export { HELD_MS } from './lib/execute/held-ms.ts';
export type { Execute } from './lib/execute/run-job.ts';
export { forgetFailure, type RunFailure } from './lib/execute/run-failure.ts';
export {
  runFolders,
  wordsOf,
  workLeft,
  type ManyRuns,
  type RunsErrand,
  type WorkLeft,
} from './lib/execute/run-folders.ts';
export { shellLine } from './lib/execute/slurm/shell-word.ts';
export type { StudyEvent, StudyListener, StudyTask } from './lib/execute/study-event.ts';
export { LivePages, type LivePagesSetting } from './lib/live/live-pages.ts';
export { type RunView } from './lib/live/live-run.ts';
export { LiveRuns } from './lib/live/live-runs.ts';
export { serveLive, type LiveServerOptions } from './lib/live/live-server.ts';
export type { LiveSite } from './lib/live/live-site.ts';
export { WatchedSite, type LiveRenderer } from './lib/live/watched-site.ts';
export { quickstart, type QuickstartRequest } from './lib/quickstart.ts';
export { gatherRuns, type FinishedRun, type GatheredRuns } from './lib/results/gather-runs.ts';
export { indexRuns, type IndexedRun } from './lib/results/run-index.ts';
export type { RunState } from './lib/results/run-state.ts';
export type { AccuracyKind, ResultRow } from './lib/results/result-rows.ts';
export { resultsPage, type PageOfRun } from './lib/results/results-page.ts';
export { resultsReport, type ResultsReport } from './lib/results/results-report.ts';
export type { UnfinishedRun } from './lib/results/unfinished-run.ts';
export type { WorldResults } from './lib/results/world-results.ts';
export { pagesFrom, writeResultsReport } from './lib/results/write-results-report.ts';
export { tellRunsApart } from './lib/results/tell-runs-apart.ts';
export type { ToldRun } from './lib/results/told-run.ts';
export { findSuperfluous, removeSuperfluous, type Cleaning } from './lib/study/clean-study.ts';
export { keptOf } from './lib/study/keep-documents.ts';
export { NEW_STUDY } from './lib/study/new-study.ts';
export {
  PAPER_PARTS,
  SCALES,
  paperStudy,
  type PaperPart,
  type Scale,
} from './lib/study/paper-study.ts';
export {
  planStudy,
  prepareStudy,
  type StudyRun,
  type StudySetting,
} from './lib/study/plan-study.ts';
export { reckonStudy } from './lib/study/reckon-study.ts';
export { assertAllowed, runStudy, type StudyErrand } from './lib/study/run-study.ts';
export { studyExecutors, type StudyExecutor } from './lib/study/study-executors.ts';
export { studyPage } from './lib/study/study-page.ts';
export { tellOtherCode } from './lib/study/other-code.ts';
export { isLeftOut, standings, type RunStanding } from './lib/study/run-standing.ts';
export { settleHanded } from './lib/study/settle-handed.ts';
export {
  ALLOWED,
  KEPT,
  parseStudy,
  type Allowed,
  type Kept,
  type Study,
  type StudyFile,
} from './lib/study/study-file.ts';
export { badStudy, type StudyPath, type StudyPlace } from './lib/study/study-place.ts';
export { studyJsonSchema } from './lib/study/study-schema.ts';
export { countStates, studyTable, tellStates, tellUnreadable } from './lib/study/tell-study.ts';
export { gatherResults, type Results, type ResultsRequest } from './lib/tidy/gather-results.ts';
export {
  RESULTS_FORMATS,
  formatResults,
  isForPrograms,
  type ResultsFormat,
} from './lib/tidy/result-formats.ts';
export type { DataTable, ResultsTable } from './lib/tidy/results-table.ts';
export { FIGURES, type Figure } from './lib/tidy/run-figures.ts';
export { parseFilter, type RunFilter } from './lib/tidy/run-filter.ts';
export { columnsOf, settingText, type Settings } from './lib/tidy/run-settings.ts';
export { varyingSettings } from './lib/tidy/varying-settings.ts';
