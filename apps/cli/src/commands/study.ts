import { Command } from 'commander';
import { type CommandTable, addCommands } from './add-commands.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow study init study.yaml
  $ winnow study plan study.yaml
  $ winnow study run study.yaml
  $ winnow study status study.yaml`;

const commands: CommandTable = {
  init: {
    summary: 'write a study to begin with',
    build: async () => (await import('./study-init.ts')).studyInitCommand,
  },
  plan: {
    summary: 'list the runs of a study, what is done of them, and about how long the rest takes',
    build: async () => (await import('./study-plan.ts')).studyPlanCommand,
  },
  run: {
    summary: 'carry out what is left of a study',
    build: async () => (await import('./study-run.ts')).studyRunCommand,
  },
  status: {
    summary: 'tell how far the runs of a study are, and why some have failed',
    build: async () => (await import('./study-status.ts')).studyStatusCommand,
  },
  retry: {
    summary: 'carry out what is left of a study, runs that have failed included',
    build: async () => (await import('./study-run.ts')).studyRetryCommand,
  },
  cancel: {
    summary: 'stop the runs of a study, which save their state',
    build: async () => (await import('./study-cancel.ts')).studyCancelCommand,
  },
  clean: {
    summary:
      'remove what a study does not keep, and with flags runs that failed or that it does not name',
    build: async () => (await import('./study-clean.ts')).studyCleanCommand,
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
