import { isWinnowError, suggestName } from '@winnow/plugin-api';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { ComponentOption } from './component-options.ts';
import { type ConfigEntry, badConfig } from './config-file.ts';
import { RepeatedOption } from './repeated-option.ts';

/** The section of a configuration file that is a command's own. */
export interface CommandSettings {
  readonly path: string;
  readonly entries: readonly ConfigEntry[];
}

/** Options that say where settings come from are none. */
const NO_SETTINGS = new Set(['config', 'plugin', 'plugins', 'version']);

const isSetting = (option: Option) =>
  option.long !== undefined && !option.negate && !NO_SETTINGS.has(option.attributeName());

/** On one line, as the file may have it: JSON has null for what YAML calls .inf and .nan. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, own]) => `${JSON.stringify(key)}:${shown(own)}`,
    );
    return `{${entries.join(',')}}`;
  }
  if (Number.isNaN(value)) return '.nan';
  if (value === Infinity) return '.inf';
  return value === -Infinity ? '-.inf' : JSON.stringify(value);
}

/** As the option's own parser would have it from the command line. Throws BAD_CONFIG. */
function parsed(option: Option, { key, value, line }: ConfigEntry, path: string): unknown {
  const wrong = (hint: string) => badConfig(path, line, `"${key}" cannot be ${shown(value)}`, hint);
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value;
    throw wrong('It is true or false.');
  }
  const isWord = (word: unknown) => typeof word === 'number' || typeof word === 'string';
  const { parseArg } = option;
  // Other parsers take words with commas between where they take several, or refuse the comma.
  const words = Array.isArray(value) && parseArg ? value : [value];
  if (words.length === 0 || !words.every(isWord))
    throw wrong(`It is ${option.flags} of the command.`);
  const text = words.join(',');
  if (!parseArg) return text;
  try {
    return option instanceof RepeatedOption
      ? option.parseAll(words.map(String))
      : parseArg(text, undefined);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw wrong(error.message);
    throw error;
  }
}

/**
 * Gives a command's options the values of its section, in the place of their defaults: what is on the command line wins.
 * A component's options stay as they are in the file, for its schema to check. Throws BAD_CONFIG for a key that is no
 * option, or a value that the option's parser refuses.
 */
export function applySettings(command: Command, { path, entries }: CommandSettings): void {
  const options = command.options.filter(isSetting);
  for (const entry of entries) {
    const { key, line } = entry;
    if (key === 'plugin' || key === 'plugins')
      throw badConfig(
        path,
        line,
        'plugins belong to the file, not to a command',
        'Write plugins: […] at its top.',
      );
    const option = options.find((o) => key === o.attributeName() || `--${key}` === o.long);
    if (!option) {
      const known = options.map((o) => o.long!.slice(2));
      throw badConfig(
        path,
        line,
        `"${command.name()}" has no option "${key}"`,
        suggestName(key, known),
      );
    }
    const own = option instanceof ComponentOption;
    if (own) option.place = { path, line };
    const value = own ? entry.value : parsed(option, entry, path);
    command.setOptionValueWithSource(option.attributeName(), value, 'config');
  }
}

/** What a component's schema refuses, as BAD_CONFIG where it stands in a configuration file; every other error as it is. */
export function placed(error: unknown, program: Command): unknown {
  if (!isWinnowError(error) || error.code !== 'INVALID_OPTION') return error;
  const { issues = [] } = (error.cause ?? {}) as { issues?: readonly { path: unknown[] }[] };
  const commands = [...program.commands, ...program.commands.flatMap((each) => each.commands)];
  for (const command of commands) {
    for (const option of command.options) {
      const name = option.attributeName();
      if (!(option instanceof ComponentOption) || !option.place) continue;
      if (command.getOptionValueSource(name) !== 'config') continue;
      if (!issues.some(({ path }) => path[0] === name)) continue;
      const { path, line } = option.place;
      return badConfig(path, line, error.sentence.replace(/\.$/, ''), 'Mend the line.');
    }
  }
  return error;
}

/** The part of a section that is called `name`; nothing where there is none. Throws BAD_CONFIG where it is no section. */
export function sectionOf(
  settings: CommandSettings | undefined,
  name: string,
): CommandSettings | undefined {
  const entry = settings?.entries.find(({ key }) => key === name);
  if (!settings || !entry || entry.value === null) return undefined;
  const { path } = settings;
  if (entry.entries) return { path, entries: entry.entries };
  throw badConfig(
    path,
    entry.line,
    `"${name}" holds no options`,
    'Write them below it, as OPTION: VALUE.',
  );
}

/** Throws BAD_CONFIG for a key that is none of these. */
export function assertSections(settings: CommandSettings, known: readonly string[]): void {
  const stray = settings.entries.find(({ key }) => !known.includes(key));
  if (stray)
    throw badConfig(
      settings.path,
      stray.line,
      `there is no command "${stray.key}"`,
      suggestName(stray.key, known),
    );
}
