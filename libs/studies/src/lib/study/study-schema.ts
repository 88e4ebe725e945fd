import type { ComponentRegistry, OptionField } from '@winnow/plugin-api';
import * as z from 'zod';
import { SettingNames, runSettings, spelt } from './run-settings.ts';
import { studyFile } from './study-file.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

const NAMED = [
  ['method', 'pruner'],
  ['objective', 'objective'],
  ['model', 'model'],
] as const;

function ofOption({ type, choices, description }: OptionField): JsonSchema {
  const one: JsonSchema = { string: { type: 'string' }, number: { type: 'number' } }[
    type.replace(/s$/, '') as 'string'
  ] ?? { ...(type === 'boolean' && { type: 'boolean' }) };
  const allowed = choices ? { ...one, enum: choices } : one;
  const value = /s$/.test(type) ? { anyOf: [allowed, { type: 'array', items: allowed }] } : allowed;
  return { ...value, ...(description && { description }) };
}

/** The settings of runs, under their names as files have them. */
function settingProperties(registry: ComponentRegistry): Record<string, JsonSchema> {
  const own = z.toJSONSchema(runSettings, { io: 'input' }).properties as Record<string, JsonSchema>;
  for (const [name, kind] of NAMED)
    own[name] = { ...own[name], anyOf: [{ enum: registry.names(kind) }, { type: 'string' }] };
  const { options } = new SettingNames(registry);
  const all = [
    ...Object.entries(own),
    ...options.map((field) => [field.name, ofOption(field)] as const),
  ];
  return Object.fromEntries(all.map(([name, schema]) => [spelt(name), schema]));
}

/** The JSON schema of study files, for editors: with the settings that the components here have. */
export function studyJsonSchema(registry: ComponentRegistry): JsonSchema {
  const schema = z.toJSONSchema(studyFile, { io: 'input', unrepresentable: 'any' });
  const properties = settingProperties(registry);
  const settings = { type: 'object', properties, additionalProperties: false };
  const own = schema.properties as Record<string, Record<string, unknown>>;
  const described = (name: string) => ({ description: own[name]!['description'] });
  const reference = { $ref: '#/$defs/settings' };
  const values = Object.entries(properties).map(([name, { description, ...value }]) => [
    name,
    { description, type: 'array', minItems: 1, items: { anyOf: [value, reference] } },
  ]);
  const rule = { skip: reference, if: reference, only: reference };
  return {
    ...schema,
    properties: {
      ...own,
      base: { ...described('base'), ...reference },
      axes: {
        ...described('axes'),
        type: 'object',
        properties: Object.fromEntries(values) as object,
        additionalProperties: { type: 'array', minItems: 1, items: reference },
      },
      where: {
        ...described('where'),
        type: 'array',
        items: { type: 'object', properties: rule, additionalProperties: false },
      },
      include: { ...described('include'), type: 'array', items: reference },
    },
    $defs: { settings },
  };
}
