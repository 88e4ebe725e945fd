import {
  WinnowError,
  flagsAsKeys,
  flagsIn,
  isWinnowError,
  optionIssues,
  refusesDensity,
  suggestName,
  toldIssues,
} from '@winnow/plugin-api';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { ComponentOption } from './component-options.ts';
import { type ConfigEntry, badConfig } from './config-file.ts';
import { RepeatedOption } from './repeated-option.ts';

/** The section of a configuration file that is a command's own. */
export interface CommandSettings {
  readonly path: string;
  readonly entries: readonly ConfigEntry[];
}

interface Place {
  readonly path: string;
  readonly key: string;
  readonly line: number;
}

/** Where configuration files give options. */
const places = new WeakMap<Option, Place>();

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

/** What the option of a flag is refused for, in the words of the file that says it. */
function inFile({ sentence, message }: WinnowError, flag: string | undefined, place: Place) {
  const { path, key, line } = place;
  const told = (text: string) => flagsAsKeys(text, (name) => (flag === `--${name}` ? key : name));
  const hint = message.slice(sentence.length + 1) || 'Mend the line.';
  return badConfig(path, line, told(sentence).replace(/\.$/, ''), told(hint));
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
    throw isWinnowError(error) ? inFile(error, option.long, { path, key, line }) : error;
  }
}

/** Which options each one excludes; commander declares no type for it. */
const excludedBy = (option: Option) =>
  (option as Option & { readonly conflictsWith: readonly string[] }).conflictsWith;

/** A file's value goes where an option is typed that excludes it. */
function yieldToTyped(command: Command, option: Option): void {
  const name = option.attributeName();
  for (const other of command.options) {
    const exclude =
      excludedBy(other).includes(name) || excludedBy(option).includes(other.attributeName());
    if (!exclude) continue;
    command.on(`option:${other.name()}`, () => {
      if (command.getOptionValueSource(name) === 'config')
        command.setOptionValueWithSource(name, option.defaultValue, 'default');
    });
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
    places.set(option, { path, key, line });
    const value = own ? entry.value : parsed(option, entry, path);
    command.setOptionValueWithSource(option.attributeName(), value, 'config');
    yieldToTyped(command, option);
  }
}

interface GivenOption {
  readonly long: string | undefined;
  readonly value: unknown;
  /** Where it stands, if what a file says of it counts. */
  readonly place: Place | undefined;
}

const commandsOf = ({ commands }: Command) => [
  ...commands,
  ...commands.flatMap((each) => each.commands),
];

/** The options that were given, by the command line or a file, by the names that schemas have for them. */
function givenOptions(program: Command): ReadonlyMap<string, GivenOption> {
  const given = new Map<string, GivenOption>();
  for (const command of commandsOf(program)) {
    for (const option of command.options.filter(({ negate }) => !negate)) {
      const name = option.attributeName();
      const source = command.getOptionValueSource(name);
      const place = source === 'config' ? places.get(option) : undefined;
      if (place || source === 'cli') {
        const value: unknown = command.getOptionValue(name);
        given.set(name, { long: option.long, value, place });
      }
    }
  }
  return given;
}

/** Codes of errors that name the flag of the option that they are of, where it is not of a schema. */
const OF_OPTIONS: ReadonlySet<string> = new Set(['INVALID_OPTION', 'OPTION_NOT_USED']);
const DENSITIES = ['density', 'layerDensity'];

/** The option that an error is of, where it is certain. */
function blamed(
  error: WinnowError,
  given: ReadonlyMap<string, GivenOption>,
): GivenOption | undefined {
  const densities = DENSITIES.flatMap((name) => given.get(name) ?? []);
  const refused = densities.filter(({ value }) => refusesDensity(error, value));
  if (refused.length === 1) return refused[0];
  if (!OF_OPTIONS.has(error.code)) return undefined;
  const [flag] = flagsIn(error.sentence);
  return [...given.values()].find(({ long }) => long === `--${flag}`);
}

/**
 * What an option is refused for, in the words of who gave it: by its flag, or as BAD_CONFIG with its key and line where it
 * stands in a configuration file. Every other error as it is.
 */
export function asTyped(error: unknown, program: Command): unknown {
  if (!isWinnowError(error)) return error;
  const given = givenOptions(program);
  const flags = new Map(
    commandsOf(program).flatMap(({ options }) =>
      options
        .filter((option) => option instanceof ComponentOption && !option.negate)
        .map((option) => [option.attributeName(), option.long] as const),
    ),
  );
  // One that is lacking was not given.
  const flagOf = (name: PropertyKey) => given.get(String(name))?.long ?? flags.get(String(name));
  const issues = optionIssues(error).filter(({ path: [name] }) => flagOf(name ?? '') !== undefined);
  const told =
    issues.length > 0
      ? new WinnowError(error.code, `${toldIssues(issues, (name) => flagOf(name)!)}.`, {
          cause: error.cause,
        })
      : error;
  const { long, place } = blamed(told, given) ?? {};
  return place ? inFile(told, long, place) : told;
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
