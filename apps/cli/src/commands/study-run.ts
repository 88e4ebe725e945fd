import { basename, join } from 'node:path';
import { assertNoRun } from '@winnow/experiments';
import type { GivenOptions, RunJob } from '@winnow/plugin-api';
import {
  type RunStanding,
  type StudyRun,
  forgetFailure,
  prepareStudy,
  runStudy,
  tellUnreadable,
  wordsOf,
  workLeft,
} from '@winnow/studies';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { type OpenStudy, openStudy } from '../composition/open-study.ts';
import { PROGRAM } from '../composition/program.ts';
import { runsFailed } from '../composition/study-failed.ts';
import { resultsLine } from '../composition/study-line.ts';
import { countWaiting, studyWaiting } from '../composition/study-waiting.ts';
import * as tokens from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy } from '../flags/study-file.ts';
import {
  type StudyFlags,
  allowOption,
  keepOption,
  observeOption,
  withExecutor,
} from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { jobsWait, studyJson, studyLines } from '../terminal/tell-study.ts';
import type { CommandContext } from './command-context.ts';

interface RunFlags extends StudyFlags {
  readonly follow: boolean;
  readonly dryRun?: boolean;
}

const { REGISTRY, PLUGIN_FILES, CONSOLE, OPEN_DATASET, STUDY } = tokens;
const needs = [REGISTRY, PLUGIN_FILES, CONSOLE, OPEN_DATASET, STUDY] as const;

/** Lets runs that have failed be tried again. */
async function forgetFailures(found: readonly RunStanding[]): Promise<void> {
  for (const { run, state } of found) if (state === 'failed') await forgetFailure(run.folder);
}

const isFailed = ({ state }: RunStanding) => state === 'failed';
const isUnreadable = ({ state }: RunStanding) => state === 'unreadable';

const dryRunOption = () =>
  new Option('--dry-run', 'print what would be handed over, and begin nothing').conflicts('json');

/** Carries a study out, those of its runs too that have failed before where `again` says so. */
const carryOut = (again: boolean, executorOptions: (flags: StudyFlags) => GivenOptions) =>
  handler(needs, (registry, plugins, console, openDataset, study) => {
    /** What would be handed over, or which jobs there are. */
    async function dryRun(
      { executor, options, state, observe }: OpenStudy,
      runs: readonly StudyRun[],
    ): Promise<string> {
      const { jobs } = await workLeft(runs, { until: 'end', registry });
      const words = (job: RunJob) =>
        wordsOf(job as Parameters<typeof wordsOf>[0], plugins, observe);
      return (
        executor.script?.(jobs, { program: PROGRAM, words, state }, options) ??
        jobs.map(({ name }) => name).join('\n')
      );
    }

    return async (file: string, flags: RunFlags) => {
      const own = executorOptions(flags);
      const opened = await openStudy(file, flags, own, { registry, openDataset, console });
      const { runs, folder, executor, options, found, ...asked } = opened;
      assertNoRun('--runs', folder);
      const isOver = (one: RunStanding) =>
        one.state === 'done' || isUnreadable(one) || (!again && isFailed(one));
      const left = found.flatMap((one) => (isOver(one) ? [] : [one.run]));
      if (flags.dryRun) return print(console, await dryRun(opened, left));
      await prepareStudy(left, registry);
      if (again) await forgetFailures(found);
      const errand = { name: basename(file), registry, ...asked, follow: flags.follow };
      const over = await study(
        flags.json,
        (many) => {
          // The service carries out what its executor would.
          const execute =
            executor.name === 'local' ? many.execute : executor.execute.bind(executor);
          return runStudy(runs, errand, { ...many, execute, executorOptions: options, plugins });
        },
        executor.underWay && `Leaving what ${executor.name} has`,
      );
      const waiting = await studyWaiting(opened, console);
      if (flags.json)
        printJson(console, { ...studyJson(folder, over), waiting: countWaiting(waiting) });
      else {
        print(
          console,
          ...studyLines(over),
          ...tellUnreadable(over),
          ...waiting.map((at) => jobsWait(at.jobs, at.executor)),
        );
        if (over.some(({ state }) => state === 'done'))
          print(
            console,
            `Page: ${join(folder, 'report.html')}`,
            `Next: ${resultsLine(file, folder, flags)}`,
          );
      }
      if (over.some((one) => isFailed(one) || isUnreadable(one)))
        throw runsFailed(over, file, flags);
    };
  });

const EXAMPLES = `
Examples:
  $ winnow study run study.yaml
  $ winnow study run study.yaml --parallel 2 --keep ticket,weights
  $ winnow study run study.yaml --dry-run
  $ winnow study run study.yaml --executor slurm --time 60 --no-follow
Ctrl-C saves the state; the same command goes on where it stopped.`;

const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));

export async function studyRunCommand(context: CommandContext): Promise<Command> {
  const command = new Command('run')
    .addOption(allowOption())
    .addOption(keepOption())
    .addOption(observeOption())
    .option('--no-follow', 'leave once all is handed over to an executor that goes on by itself')
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES);
  const options = await withExecutor(command, context);
  return command.action(context.actionOnFile(carryOut(false, options), sourcesIn));
}

export async function studyRetryCommand(context: CommandContext): Promise<Command> {
  const command = new Command('retry')
    .addOption(allowOption())
    .addOption(keepOption())
    .addOption(observeOption())
    .option('--no-follow', 'leave once all is handed over to an executor that goes on by itself')
    .addOption(dryRunOption())
    .addHelpText('after', '\nExamples:\n  $ winnow study retry study.yaml');
  const options = await withExecutor(command, context);
  return command.action(context.actionOnFile(carryOut(true, options), sourcesIn));
}
