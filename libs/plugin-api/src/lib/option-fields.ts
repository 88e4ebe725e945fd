import * as z from 'zod';

/** What a command line can give: one value, or several by repeating the flag. `other` is what it cannot. */
export type OptionType = 'string' | 'number' | 'boolean' | 'strings' | 'numbers' | 'other';

/** One option of a component, as a command line can offer it. */
export interface OptionField {
  readonly name: string;
  readonly type: OptionType;
  readonly description: string;
  /** Of a string, or of each of the strings. */
  readonly choices?: readonly string[];
  readonly default?: unknown;
  readonly required: boolean;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

type Value = Pick<OptionField, 'type' | 'choices'>;

const OTHER: Value = { type: 'other' };

/** What is one or another of these. */
function either(values: readonly Value[]): Value {
  const [first = OTHER, ...rest] = values;
  if (rest.some(({ type }) => type !== first.type)) return OTHER;
  const choices = values.map((value) => value.choices);
  const all = choices.every((some) => some !== undefined) && [...new Set(choices.flat())];
  return all ? { type: first.type, choices: all } : { type: first.type };
}

const alternativesOf = ({ anyOf, oneOf }: JsonSchema) => anyOf ?? oneOf;

function valueOf(schema: JsonSchema): Value {
  const alternatives = alternativesOf(schema);
  if (alternatives) return either(alternatives.filter(({ type }) => type !== 'null').map(valueOf));
  const types = [schema.type].flat().filter((type) => type !== 'null');
  switch (types.length === 1 && types[0]) {
    case 'string': {
      const allowed = 'const' in schema ? [schema.const] : schema.enum;
      const choices = allowed?.filter((choice) => typeof choice === 'string');
      return choices ? { type: 'string', choices } : { type: 'string' };
    }
    case 'integer':
    case 'number':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'array': {
      const { prefixItems = [], items } = schema;
      const item = either([...prefixItems, ...(items ? [items] : [])].map(valueOf));
      if (item.type === 'string') return { ...item, type: 'strings' };
      return item.type === 'number' ? { type: 'numbers' } : OTHER;
    }
    default:
      return OTHER;
  }
}

function fieldsOf(schema: JsonSchema): OptionField[] {
  const { properties = {}, required = [] } = schema;
  const own = Object.entries(properties).map(([name, property]) => ({
    name,
    ...valueOf(property),
    description: property.description ?? '',
    ...('default' in property ? { default: property.default } : {}),
    required: required.includes(name),
  }));
  const alternatives = alternativesOf(schema)?.map(fieldsOf) ?? [];
  const names = new Set(alternatives.flat().map(({ name }) => name));
  const shared = [...names].map((name) => {
    const fields = alternatives.flat().filter((field) => field.name === name);
    const { description, default: value } = fields[0]!;
    return {
      name,
      ...either(fields),
      description,
      ...(value === undefined ? {} : { default: value }),
      required: fields.length === alternatives.length && fields.every((field) => field.required),
    };
  });
  return [...own, ...shared];
}

/** A schema that has an id, `.meta({ id })`, stands among `$defs` and is referred to: put back into its place, but into itself. */
function inPlace(
  node: unknown,
  defs: Readonly<Record<string, unknown>>,
  within: string[],
): unknown {
  if (Array.isArray(node)) return node.map((one) => inPlace(one, defs, within));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...rest } = node as Readonly<Record<string, unknown>>;
  const own = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, inPlace(value, defs, within)]),
  );
  const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : '';
  if (!(name in defs) || within.includes(name)) return own;
  return { ...(inPlace(defs[name], defs, [...within, name]) as object), ...own };
}

/** What a component's schema asks for, seen from what is given: before transforms, and with defaults left out. */
export function optionFields(schema: z.ZodType): OptionField[] {
  const { $defs = {}, ...whole } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return fieldsOf(inPlace(whole, $defs, []) as JsonSchema);
}
