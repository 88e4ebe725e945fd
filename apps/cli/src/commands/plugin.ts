import { Command } from 'commander';
import { type CommandTable, addCommands } from './add-commands.ts';
import type { CommandContext } from './command-context.ts';

const commands: CommandTable = {
  init: {
    summary: 'write an npm package around a component of your own: source, test, README',
    build: async () => (await import('./plugin-init.ts')).pluginInitCommand,
  },
};

export async function pluginCommand(context: CommandContext): Promise<Command> {
  const command = new Command('plugin').addHelpText(
    'after',
    '\nExamples:\n  $ winnow plugin init logit-match',
  );
  await addCommands(command, commands, context);
  return command;
}
