import { existsSync } from 'node:fs';
import { visible } from '@winnow/plugin-api/text';
import { Command, CommanderError } from 'commander';
import { addCommands, withConfig } from './add-commands.ts';
import { Invocation } from '../composition/invocation.ts';
import type { PluginSource } from '../composition/load-plugins.ts';
import type { Services } from '../composition/services.ts';
import { CommandContext } from './command-context.ts';
import { commands } from './commands.ts';
import { processConsole } from '../terminal/console.ts';
import { oneLine } from '../terminal/one-line.ts';
import { version } from '../composition/version.ts';

const CONFIG = 'winnow.yaml';

/** What must be known before the command's own options can be: they depend on what plugins bring. */
interface Foreknown {
  /** `false` where none is to be read. */
  readonly config?: string | false;
  /** What `--plugin` names; `none` where none is to be loaded. */
  readonly plugins: readonly string[] | 'none';
  /** What is neither an option nor a value of these: first of all the command's name. */
  readonly words: readonly string[];
  /** Whether it only asks what there is to say. */
  readonly help: boolean;
}

function foreknow(argv: readonly string[]): Foreknown {
  let config: string | false | undefined;
  const plugins: string[] = [];
  const words: string[] = [];
  let [none, help] = [false, false];
  for (let i = 0; i < argv.length && argv[i] !== '--'; i++) {
    const [, name, own] = /^(--(?:config|plugin))(?:=(.*))?$/s.exec(argv[i]!) ?? [];
    const value = name === undefined ? undefined : (own ?? argv[++i]);
    if (name === '--config') config = value;
    else if (name === '--plugin') plugins.push(...(value === undefined ? [] : [value]));
    else if (argv[i] === '--no-config') config = false;
    else if (argv[i] === '--no-plugins') none = true;
    else if (argv[i] === '--help' || argv[i] === '-h') help = true;
    else if (!argv[i]!.startsWith('-')) words.push(argv[i]!);
  }
  return {
    ...(config === undefined ? {} : { config }),
    plugins: none ? 'none' : plugins,
    words,
    help: help || words[0] === 'help',
  };
}

/** What the command line and a configuration file say before any command does. */
async function contextOf(
  argv: readonly string[],
  services: Partial<Services>,
): Promise<CommandContext> {
  const { config: given, plugins, words, help } = foreknow(argv);
  // Help runs no code that a file names which nobody named, and so knows none of its options.
  const config = given ?? (!help && existsSync(CONFIG) && CONFIG);
  const from = process.cwd();
  const named = plugins === 'none' ? [] : plugins.map((specifier) => ({ specifier, from }));
  const invoked = (sources: readonly PluginSource[]) =>
    new Invocation(services, plugins === 'none' ? plugins : sources);
  if (config === false || words.length === 0)
    return new CommandContext(invoked(named), words, undefined);
  const { pluginsOf, readConfigFile } = await import('../flags/config-file.ts');
  const { assertSections } = await import('../flags/command-settings.ts');
  const settings = readConfigFile(config);
  assertSections(settings, ['plugins', ...Object.keys(commands)]);
  return new CommandContext(invoked([...pluginsOf(settings), ...named]), words, settings);
}

export async function createProgram(
  argv: readonly string[],
  services: Partial<Services> = {},
): Promise<Command> {
  const { out, notes } = services.console ?? processConsole;
  const program = new Command('winnow')
    .description('Finds winning tickets: sparse subnetworks that train well.')
    .version(version())
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .hook('preAction', async (_, command) => {
      const { refuseEmptyPaths } = await import('../flags/refuse-empty-paths.ts');
      refuseEmptyPaths(command);
    })
    .configureOutput({
      writeOut: (text) => void out.write(visible(text)),
      writeErr: (text) => void notes.write(visible(text)),
      outputError: (text, write) => write(`${oneLine(text)}\n`),
    })
    .addHelpText(
      'after',
      `
Examples:
  $ winnow quickstart
  $ winnow run --dataset digits --model resnet8 --density 0.0025
  $ winnow list pruner`,
    );
  await addCommands(withConfig(program), commands, await contextOf(argv, services));
  return program;
}

/** Carries out what the words say. */
export async function runProgram(
  argv: readonly string[],
  services: Partial<Services>,
): Promise<void> {
  const program = await createProgram(argv, services);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw error;
    const { asTyped } = await import('../flags/command-settings.ts');
    const { withPluginHint } = await import('../flags/plugin-hint.ts');
    throw withPluginHint(asTyped(error, program));
  }
}
