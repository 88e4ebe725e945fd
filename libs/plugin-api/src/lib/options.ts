import { z } from 'zod';
import { WinnowError } from './winnow-error.ts';

/** Options as a user gives them, before a component's schema has seen them. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Checks options against a component's schema. Throws INVALID_OPTION naming the option, its owner and what is allowed. */
export function parseOptions<S extends z.ZodType>(
  schema: S,
  options: unknown,
  owner: string,
): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return name ? `${name}: ${issue.message}` : issue.message;
  });
  throw new WinnowError('INVALID_OPTION', `Bad options for ${owner}: ${problems.join('; ')}.`);
}

/** One option of a component, as a command line can offer it. */
export interface OptionField {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  readonly required: boolean;
}

interface JsonProperty {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

/** What a component's schema, an object of strings, numbers, choices and flags, asks for. */
export function optionFields(schema: z.ZodType): OptionField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as {
    properties?: Record<string, JsonProperty>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type:
      property.type === 'integer' || property.type === 'number'
        ? 'number'
        : property.type === 'boolean'
          ? 'boolean'
          : 'string',
    description: property.description ?? '',
    ...(property.enum ? { choices: property.enum } : {}),
    ...('default' in property ? { default: property.default } : {}),
    required: required.includes(name),
  }));
}
