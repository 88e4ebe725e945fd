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
      const refused: unknown[] = [];
      const refuse = (problem: unknown) => void refused.push(problem);
      const [chosen, ...others] = studyExecutors(
        ...([study, folder, registry, name] as const),
        options(flags),
        // One that is named is meant alone.
        name === undefined ? refuse : () => {},
      );
      const asked = name === undefined ? [chosen, ...others] : [chosen];
      const lines: string[] = [];
      let told = 0;
      for (const { executor, options: own, state } of asked) {
        try {
          const count = await executor.cancel({ state }, own);
          told += count;
          const what = count === 0 ? 'nothing is under way' : `${count} told to save and stop`;
          lines.push(`${executor.name}: ${what}`);
        } catch (problem) {
          // The others are to stop all the same.
          refuse(problem);
        }
      }
      const [first, ...more] = refused;
      if (!json && lines.length > 0) print(console, ...lines);
      for (const problem of more) note(console, problem);
      if (first !== undefined) throw first;
      if (json) printJson(console, { told });
    };
  });
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(cancel, sourcesIn));
}
