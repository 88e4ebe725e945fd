import {
  type ComponentRegistry,
  type OptionField,
  WinnowError,
  optionFields,
} from '@winnow/plugin-api';
import { type Command, InvalidArgumentError, Option } from 'commander';

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It is not a number.');
  return value;
}

export function parseSeconds(text: string): number {
  const value = parseNumber(text);
  if (value < 0) throw new InvalidArgumentError('It must not be negative.');
  return value;
}

export function parsePositive(text: string): number {
  const value = parseWhole(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

export function parseWhole(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It is not a whole number from 0 up.');
  }
  return value;
}

/** Words with commas between, each once. */
export function list<T>(parse: (word: string) => T): (text: string) => T[] {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    if (words.some((word) => !word)) throw new InvalidArgumentError('It has an empty place.');
    return [...new Set(words.map(parse))];
  };
}

const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function asOption(
  { name, type, description, choices, default: value }: OptionField,
  owners: string[],
) {
  const shown = value === undefined ? '' : ` (default: ${JSON.stringify(value)})`;
  const flag = `--${flagOf(name)}`;
  const option = new Option(
    type === 'boolean' ? flag : `${flag} <${choices ? 'choice' : type}>`,
    `${description}${shown} [${owners.join(', ')}]`,
  );
  if (choices) option.choices([...choices]);
  if (type === 'number') option.argParser(parseNumber);
  return option;
}

/**
 * Adds the options of every component of these kinds, each once, with the names of those that have it; returns how to
 * read from the parsed options those that were given.
 */
export function addComponentOptions(
  command: Command,
  registry: ComponentRegistry,
  kinds: readonly ('pruner' | 'objective' | 'model' | 'dataset')[],
): (parsed: Record<string, unknown>) => Record<string, unknown> {
  const fields = new Map<string, { field: OptionField; owners: string[] }>();
  for (const kind of kinds) {
    for (const component of registry.all(kind)) {
      for (const field of optionFields(component.options)) {
        if (command.options.some((option) => option.attributeName() === field.name)) {
          throw new WinnowError(
            'OPTION_CLASH',
            `The option "${field.name}" of ${kind} "${component.name}" is one of the command's own.`,
            { hint: 'Rename it in the plugin that brings it.' },
          );
        }
        const known = fields.get(field.name);
        if (known) known.owners.push(component.name);
        else fields.set(field.name, { field, owners: [component.name] });
      }
    }
  }
  command.optionsGroup('Options of methods, objectives, models and data sets:');
  for (const { field, owners } of fields.values()) command.addOption(asOption(field, owners));
  return (parsed) =>
    Object.fromEntries(Object.entries(parsed).filter(([name]) => fields.has(name)));
}
