import { flagOf } from '@winnow/experiments';
import {
  type ComponentRegistry,
  type OptionField,
  type OptionKind,
  type OptionType,
  WinnowError,
  optionFields,
} from '@winnow/plugin-api';
import { type Command, Option } from 'commander';
import { parseNumber } from './option-parsers.ts';

/** What the options of one name of all components have in common. */
interface SharedField extends OptionField {
  /** Defaults by the names of the components that have it. */
  readonly owners: ReadonlyMap<string, unknown>;
}

/** An option of components, under the name that it has in their schemas. */
export class ComponentOption extends Option {
  readonly #name: string;

  constructor(flags: string, description: string, name: string, negate = false) {
    super(flags, description);
    this.#name = name;
    this.negate = negate;
  }

  override attributeName(): string {
    return this.#name;
  }
}

/** What stands after the flag of an option of each type. */
const ARGUMENTS: Readonly<Record<OptionType, string>> = {
  string: ' <string>',
  strings: ' <string>',
  number: ' <number>',
  numbers: ' <number>',
  boolean: '',
  other: ' [value]',
};

/** What a ticket comes of. */
const OF_A_TICKET: readonly OptionKind[] = ['objective', 'pruner', 'model', 'dataset'];

/** Flags that every command gets after all others. */
const RESERVED = ['--help', '--config', '--no-config', '--no-plugins'];

function withParser(option: ComponentOption, { name, type, choices }: SharedField) {
  if (choices) option.choices([...choices]);
  if (type === 'number' || type === 'numbers') option.argParser(parseNumber);
  if (type === 'strings' || type === 'numbers') {
    const { parseArg: parse = String } = option;
    // Not what the option had before, which a configuration file may have given.
    let given: readonly unknown[] = [];
    option.argParser((text) => (given = [...given, parse(text, undefined)]));
  }
  if (type === 'other') {
    option.preset('').argParser(() => {
      throw new WinnowError(
        'INVALID_OPTION',
        `${option.long} cannot be given on the command line.`,
        { hint: `Write "${name}" into the command's section of winnow.yaml.` },
      );
    });
  }
  return option;
}

function asOptions(field: SharedField): ComponentOption[] {
  const { name, type, choices, default: value } = field;
  const shown = JSON.stringify(value);
  const facts = [
    shown !== undefined && `default: ${shown}`,
    (type === 'strings' || type === 'numbers') && 'may be repeated',
    type === 'other' && 'in winnow.yaml alone',
  ].filter(Boolean);
  const known = facts.length > 0 && `(${facts.join('; ')})`;
  const owned = [...field.owners].map(([owner, its]) =>
    JSON.stringify(its) === shown ? owner : `${owner}: ${JSON.stringify(its) ?? 'no default'}`,
  );
  const owners = `[${owned.join(', ')}]`;
  const description = [field.description, known, owners].filter(Boolean).join(' ');
  const flag = flagOf(name);
  const flags = `${flag}${choices ? ' <choice>' : ARGUMENTS[type]}`;
  const option = withParser(new ComponentOption(flags, description, name), field);
  if (type !== 'boolean' || ![...field.owners.values()].includes(true)) return [option];
  const off = flag.replace('--', '--no-');
  return [option, new ComponentOption(off, `${name}: false ${owners}`, name, true)];
}

/** One option for two components, whose schemas check what they are given. Throws OPTION_CLASH. */
function share(one: SharedField, other: OptionField, owner: string): SharedField {
  if (one.type !== other.type && one.type !== 'other' && other.type !== 'other') {
    throw new WinnowError(
      'OPTION_CLASH',
      `The option "${one.name}" of ${[...one.owners.keys()].join(', ')} is of type ${one.type}, and that of ${owner} of type ${other.type}.`,
      { hint: 'Rename it in the plugin that brings it.' },
    );
  }
  const { choices, ...known } = one.type === 'other' ? { ...one, type: other.type } : one;
  const all = choices && other.choices && [...new Set([...choices, ...other.choices])];
  return {
    ...known,
    ...(all ? { choices: all } : {}),
    owners: new Map([...one.owners, [owner, other.default]]),
  };
}

/**
 * Adds the options of every component of these kinds, each once, with the names of those that have it; returns how to read
 * from the parsed options those that were given. Throws OPTION_CLASH where a flag cannot serve all that need it.
 */
export function addComponentOptions(
  command: Command,
  registry: ComponentRegistry,
  kinds: readonly OptionKind[] = OF_A_TICKET,
): (parsed: Record<string, unknown>) => Record<string, unknown> {
  const fields = new Map<string, SharedField>();
  for (const { name: owner, options } of kinds.flatMap((kind) => registry.all(kind))) {
    for (const field of optionFields(options)) {
      const known = fields.get(field.name);
      const own = { ...field, owners: new Map([[owner, field.default]]) };
      fields.set(field.name, known ? share(known, field, owner) : own);
    }
  }
  const [kind] = kinds.filter((one) => !OF_A_TICKET.includes(one));
  command.optionsGroup(
    kind ? `Options of ${kind}s:` : 'Options of methods, objectives, models and data sets:',
  );
  const names = new Set(command.options.map((option) => option.attributeName()));
  const flags = new Set([...RESERVED, ...command.options.map(({ long }) => long)]);
  for (const field of fields.values()) {
    for (const option of asOptions(field)) {
      if (names.has(field.name) || flags.has(option.long)) {
        throw new WinnowError(
          'OPTION_CLASH',
          `The option "${field.name}" of ${[...field.owners.keys()].join(', ')} needs ${option.long}, which the command has already.`,
          { hint: 'Rename it in the plugin that brings it.' },
        );
      }
      flags.add(option.long);
      command.addOption(option);
    }
  }
  return (parsed) =>
    Object.fromEntries(Object.entries(parsed).filter(([name]) => fields.has(name)));
}
