import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

export interface CommandEntry {
  readonly summary: string;
  /** Loads the module and gives what builds the command's parser. */
  build(): Promise<(context: CommandContext) => Command | Promise<Command>>;
}

/** Commands by name, in the order of `--help`. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;

/** Where settings and plugins come from; before a command's name and after it. */
export function withConfig(command: Command): Command {
  return command
    .optionsGroup('Global options:')
    .option(
      '--config <file>',
      'plugins and settings (default: winnow.yaml, where there is one, but not for help)',
    )
    .option('--no-config', 'heed no winnow.yaml')
    .option('--no-plugins', 'load no plugin, of winnow.yaml or of a run');
}

/** Adds the commands of a table. Only the one on the command line is loaded; of the others, help needs no more than this. */
export async function addCommands(
  parent: Command,
  table: CommandTable,
  context: CommandContext,
): Promise<void> {
  // `winnow help run` is `winnow run --help`.
  const [wanted, ...words] = context.words.slice(context.words[0] === 'help' ? 1 : 0);
  for (const [name, entry] of Object.entries(table)) {
    const command =
      name === wanted
        ? await loaded(await entry.build(), name, context.within(words, context.settings))
        : new Command(name);
    parent.addCommand(command.description(entry.summary));
    inherit(command, parent);
  }
}

/** Where a command prints, and how it ends; those within it were built before it had that of its parent. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
}

async function loaded(
  build: Awaited<ReturnType<CommandEntry['build']>>,
  name: string,
  context: CommandContext,
): Promise<Command> {
  const { settings: all } = context;
  if (!all) return withOptions(await build(context));
  const { applySettings, assertSections, sectionOf } = await import('../flags/command-settings.ts');
  const settings = sectionOf(all, name);
  const command = withOptions(await build(context.within(context.words, settings)));
  if (!settings) return command;
  const below = command.commands.map((each) => each.name());
  if (below.length > 0) assertSections(settings, below);
  else applySettings(command, settings);
  return command;
}

/** Of a command that has commands of its own, those have them. */
function withOptions(command: Command): Command {
  tellUnknownFirst(command);
  return command.commands.length > 0 ? command : withConfig(command);
}

/** Commander tells of a missing option before an unknown one, which may be that one, misspelt. */
function tellUnknownFirst(command: Command): void {
  const needed = command.options.filter(({ mandatory }) => mandatory);
  for (const option of needed) option.mandatory = false;
  command.hook('preAction', () => {
    const lacking = needed.find((one) => command.getOptionValue(one.attributeName()) === undefined);
    if (lacking) {
      command.error(`error: required option '${lacking.flags}' not specified`, {
        code: 'commander.missingMandatoryOptionValue',
      });
    }
  });
}
