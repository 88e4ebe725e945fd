import { studyExecutors } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy, runsOf } from '../flags/study-file.ts';
import { type StudyFlags, withExecutor } from '../flags/study-flags.ts';
import { note, print, printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

export async function studyCancelCommand(context: CommandContext): Promise<Command> {
  const command = new Command('cancel').addHelpText(
    'after',
    '\nExamples:\n  $ winnow study cancel study.yaml',
  );
  const options = await withExecutor(command, context);
  const cancel = handler([REGISTRY, CONSOLE], (registry, console) => {
    return async (file: string, { json, executor: name, runs, ...flags }: StudyFlags) => {
      const study = readStudy(file);
      const folder = runs ?? runsOf(study);
      const refused: Error[] = [];
      // One that is named is meant alone.
      const isAlone = name !== undefined;
      const refuse = (problem: unknown) => void (isAlone || refused.push(problem as Error));
      const own = options(flags);
      const [chosen, ...others] = studyExecutors(study, folder, registry, name, own, refuse);
      const asked = isAlone ? [chosen] : [chosen, ...others];
      const lines: string[] = [];
      let told = 0;
      for (const { executor, options: theirs, state } of asked) {
        try {
          const count = await executor.cancel({ state }, theirs);
          told += count;
          const what = count === 0 ? 'nothing is under way' : `${count} told to save and stop`;
          lines.push(`${executor.name}: ${what}`);
        } catch (problem) {
          // The others are to stop all the same.
          refused.push(problem as Error);
        }
      }
      const [first, ...more] = refused;
      if (json) printJson(console, { told });
      else if (lines.length > 0) print(console, ...lines);
      for (const problem of more) note(console, problem);
      if (first !== undefined) throw first;
    };
  });
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(cancel, sourcesIn));
}
