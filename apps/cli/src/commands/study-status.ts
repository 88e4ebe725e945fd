import { tellUnreadable } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { openStudy } from '../composition/open-study.ts';
import { countWaiting, studyWaiting } from '../composition/study-waiting.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy } from '../flags/study-file.ts';
import { type StudyFlags, withExecutor } from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { jobsWait, studyJson, studyLines } from '../terminal/tell-study.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow study status study.yaml
  $ winnow study status study.yaml --json`;

export async function studyStatusCommand(context: CommandContext): Promise<Command> {
  const command = new Command('status').addHelpText('after', EXAMPLES);
  const options = await withExecutor(command, context);
  const status = handler([REGISTRY, CONSOLE, OPEN_DATASET], (registry, console, openDataset) => {
    return async (file: string, { json, ...flags }: StudyFlags) => {
      const opened = await openStudy(file, flags, options(flags), {
        registry,
        openDataset,
        console,
      });
      const { folder, found } = opened;
      const waiting = await studyWaiting(opened, console);
      if (json)
        return printJson(console, { ...studyJson(folder, found), waiting: countWaiting(waiting) });
      print(
        console,
        ...studyLines(found),
        ...tellUnreadable(found),
        ...waiting.map(({ executor, jobs }) => jobsWait(jobs, executor)),
      );
    };
  });
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(status, sourcesIn));
}
