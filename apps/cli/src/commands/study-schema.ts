import { studyJsonSchema } from '@winnow/studies';
import { Command } from 'commander';
import { withPlugins } from '../flags/common-flags.ts';
import { printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

export function studySchemaCommand(context: CommandContext): Command {
  const command = new Command('schema').addHelpText(
    'after',
    '\nExamples:\n  $ winnow study schema > study.schema.json\n  $ winnow study schema --plugin ./mine.js',
  );
  return withPlugins(command).action(async () =>
    printJson(context.console, studyJsonSchema(await context.catalogue())),
  );
}
