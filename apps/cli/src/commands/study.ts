import { Command } from 'commander';
import { type CommandTable, addCommands } from './add-commands.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow study init study.yaml
  $ winnow study plan study.yaml`;

const commands: CommandTable = {
  init: {
    summary: 'write a study to begin with',
    build: async () => (await import('./study-init.ts')).studyInitCommand,
  },
  plan: {
    summary: 'list the runs of a study, what is done of them, and about how long the rest takes',
    build: async () => (await import('./study-plan.ts')).studyPlanCommand,
  },
  schema: {
    summary: 'print the JSON schema of study files, for editors',
    build: async () => (await import('./study-schema.ts')).studySchemaCommand,
  },
};

export async function studyCommand(context: CommandContext): Promise<Command> {
  const command = new Command('study').addHelpText('after', EXAMPLES);
  await addCommands(command, commands, context);
  return command;
}
