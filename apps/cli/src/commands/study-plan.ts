import { durationText } from '@winnow/report/look';
import { isLeftOut, prepareStudy, reckonStudy, tellUnreadable, workLeft } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { openStudy } from '../composition/open-study.ts';
import * as tokens from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy } from '../flags/study-file.ts';
import { type StudyFlags, withStudy } from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { sharedLines, studyJson, studyLines } from '../terminal/tell-study.ts';
import type { CommandContext } from './command-context.ts';

interface PlanFlags extends StudyFlags {
  readonly estimate: boolean;
}

const { REGISTRY, CONSOLE, OPEN_DATASET, INTERRUPTION } = tokens;
const needs = [REGISTRY, CONSOLE, OPEN_DATASET, INTERRUPTION] as const;

const plan = handler(needs, (registry, console, openDataset, interruption) => {
  return async (file: string, { json, estimate, ...flags }: PlanFlags) => {
    const { folder, found } = await openStudy(file, flags, {}, { registry, openDataset, console });
    const runs = found.filter((one) => !isLeftOut(one)).map(({ run }) => run);
    const work = await workLeft(runs, { until: 'end', registry });
    const { runs: left, sharing, jobs } = work;
    await prepareStudy(left, registry);
    const shared = jobs.filter(({ until }) => until !== 'end').length;
    const minutes = estimate
      ? await interruption((signal) => reckonStudy(left, sharing, registry, signal))
      : undefined;
    if (json) return printJson(console, { ...studyJson(folder, found), shared, minutes });
    print(console, ...studyLines(found), ...tellUnreadable(found), ...sharedLines(work));
    if (minutes !== undefined && left.length > 0)
      print(console, `about ${durationText(minutes)} of one process here`);
  };
});

const EXAMPLES = `
Examples:
  $ winnow study plan study.yaml
  $ winnow study plan study.yaml --json --no-estimate`;

export function studyPlanCommand(context: CommandContext): Command {
  const command = withStudy(new Command('plan'))
    .option('--no-estimate', 'measure no step, and tell no time')
    .addHelpText('after', EXAMPLES);
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(plan, sourcesIn));
}
