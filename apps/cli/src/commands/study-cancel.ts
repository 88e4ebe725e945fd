import { chosenExecutor, stateFolder } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy, runsOf } from '../flags/study-file.ts';
import { type StudyFlags, withExecutor } from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
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
      const chosen = chosenExecutor(study, registry, name, options(flags));
      const { executor, options: own } = chosen;
      const state = stateFolder(runs ?? runsOf(study), file);
      const told = await executor.cancel({ state }, own);
      if (json) return printJson(console, { told });
      const what = told === 0 ? 'nothing is under way' : `${told} told to save and stop`;
      print(console, `${executor.name}: ${what}`);
    };
  });
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(cancel, sourcesIn));
}
