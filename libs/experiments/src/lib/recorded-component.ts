import { isDeepStrictEqual } from 'node:util';
import {
  type ComponentKinds,
  type ComponentRegistry,
  type GivenOptions,
  KINDS,
  type OptionKind,
  WinnowError,
  isComponentName,
  optionFields,
  parseOptions,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { sortedByName } from './canonical-json.ts';

const options = z.record(z.string(), z.unknown());

/**
 * A component as a run records it: what was given, which alone is handed to it, and what that resolved to, without where
 * data lie.
 */
export const recordedComponent = z.strictObject({
  name: z.string().refine(isComponentName),
  given: options,
  options,
});

export type RecordedComponent = z.output<typeof recordedComponent>;

type Recordable = Pick<ComponentKinds[OptionKind], 'kind' | 'name' | 'options'> & {
  readonly places?: readonly string[];
};

const ownerOf = ({ kind, name }: Pick<Recordable, 'kind' | 'name'>) =>
  `${KINDS[kind].title.toLowerCase()} "${name}"`;

function survivesJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

/** What stands for options that are left out, before the schema makes anything of it. */
function defaultsOf(schema: z.ZodType): GivenOptions {
  const fields = optionFields(schema).filter((field) => field.default !== undefined);
  return Object.fromEntries(fields.map((field) => [field.name, field.default]));
}

/**
 * The record of a component with these options, by name. What a schema makes of an option may be no JSON, a `RegExp` say:
 * what was given, or the default, then stands in its place. Throws INVALID_OPTION.
 */
export function recordComponent(component: Recordable, given: GivenOptions): RecordedComponent {
  const owner = ownerOf(component);
  const resolved: unknown = parseOptions(component.options, given, owner);
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  const stray = known.find(([, value]) => !survivesJson(value));
  if (stray) {
    throw new WinnowError('INVALID_OPTION', `Option "${stray[0]}" of ${owner} is no plain data.`, {
      hint: 'A run records it as JSON: give text, a number, true or false, or a list of them.',
    });
  }
  const plain = Object.entries(resolved as object).filter(([, value]) => survivesJson(value));
  const all = {
    ...(survivesJson(resolved) ? {} : defaultsOf(component.options)),
    ...Object.fromEntries([...known, ...plain]),
  };
  const { places = [] } = component;
  return {
    name: component.name,
    given: sortedByName(Object.fromEntries(known)),
    options: sortedByName(
      Object.fromEntries(Object.entries(all).filter(([name]) => !places.includes(name))),
    ),
  };
}

const optionThatChanged = (
  { options: was }: RecordedComponent,
  { options: is }: RecordedComponent,
) =>
  [...Object.keys(was), ...Object.keys(is)].find((name) => !isDeepStrictEqual(was[name], is[name]));

/** Throws INVALID_OPTION where what was given resolves to something else now than when it was recorded. */
export function assertSettled(component: Recordable, recorded: RecordedComponent): void {
  const changed = optionThatChanged(recorded, recordComponent(component, recorded.given));
  if (changed === undefined) return;
  throw new WinnowError(
    'INVALID_OPTION',
    `Option "${changed}" of ${ownerOf(component)} is another one every time that it is looked at.`,
    { hint: 'A run cannot be repeated so: give the option, or a default that stays.' },
  );
}

/** What was given beside where data lie, which may change between two starts of a run. */
const givenOptions = ({ given, options }: RecordedComponent) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(options, name)));

/** Throws OPTIONS_CHANGED where the same options of a component now resolve to something else. */
export function assertResolvesAlike(
  kind: OptionKind,
  before: RecordedComponent,
  now: RecordedComponent,
): void {
  if (before.name !== now.name || !isDeepStrictEqual(givenOptions(before), givenOptions(now)))
    return;
  const changed = optionThatChanged(before, now);
  if (changed === undefined) return;
  const [was, is] = [before.options, now.options];
  const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  throw new WinnowError(
    'OPTIONS_CHANGED',
    `Option "${changed}" of ${ownerOf({ kind, name: now.name })} was ${show(was[changed])} when the run began, and what was given now means ${show(is[changed])}.`,
    { hint: 'Go on with the version that the run began with, or begin another run.' },
  );
}

/**
 * The component that a run recorded: an objective with its options; the others are to be handed `given`. Throws
 * UNKNOWN_NAME, INVALID_OPTION, OPTIONS_CHANGED.
 */
export function recallComponent<K extends OptionKind>(
  kind: K,
  recorded: RecordedComponent,
  registry: ComponentRegistry,
): ComponentKinds[K] {
  const component: ComponentKinds[OptionKind] = registry.get(kind, recorded.name);
  assertResolvesAlike(kind, recorded, recordComponent(component, recorded.given));
  const usable = component.kind === 'objective' ? component.configure(recorded.given) : component;
  return usable as ComponentKinds[K];
}
