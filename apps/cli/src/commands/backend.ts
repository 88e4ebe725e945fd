import { Command } from 'commander';
import { type CommandTable, addCommands } from './add-commands.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow backend install tensorflow
  $ winnow backend check
  $ winnow backend remove tensorflow`;

const commands: CommandTable = {
  install: {
    summary: 'fetch what a backend is made of, build it, and put it into a folder of its own',
    build: async () => (await import('./backend-install.ts')).backendInstallCommand,
  },
  check: {
    summary: 'tell which of these backends are installed, whether they start, and what they lack',
    build: async () => (await import('./backend-check.ts')).backendCheckCommand,
  },
  remove: {
    summary: 'undo an install',
    build: async () => (await import('./backend-remove.ts')).backendRemoveCommand,
  },
};

export async function backendCommand(context: CommandContext): Promise<Command> {
  const command = new Command('backend').addHelpText('after', EXAMPLES);
  await addCommands(command, commands, context);
  return command;
}
