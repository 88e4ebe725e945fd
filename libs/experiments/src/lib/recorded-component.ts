import { isDeepStrictEqual } from 'node:util';
import {
  type ComponentKinds,
  type ComponentRegistry,
  type GivenOptions,
  KINDS,
  WinnowError,
  parseOptions,
} from '@winnow/plugin-api';
import { z } from 'zod';

const options = z.record(z.string(), z.unknown());

/** A component as a run records it: what was given, which alone is handed to it, and what that resolved to. */
export const recordedComponent = z.strictObject({ name: z.string(), given: options, options });

export type RecordedComponent = z.output<typeof recordedComponent>;

type RecordedKind = 'objective' | 'pruner' | 'model' | 'dataset';
type Recordable = Pick<ComponentKinds[RecordedKind], 'kind' | 'name' | 'options'>;

const ownerOf = ({ kind, name }: Pick<Recordable, 'kind' | 'name'>) =>
  `${KINDS[kind].title.toLowerCase()} "${name}"`;

/** Where data lie may change between two starts of a run; what they are may not, and the checksum sees to that. */
const PLACES = ['dataDir', 'path'];

/** The options of a data set that say which data they are. */
export function withoutPlaces(given: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !PLACES.includes(name)));
}

function survivesJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

/**
 * The record of a component with these options. What a schema makes of an option may be no JSON, a `RegExp` say: what was
 * given then stands in its place. Throws INVALID_OPTION.
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
  return {
    name: component.name,
    given: Object.fromEntries(known),
    options: Object.fromEntries([...known, ...plain]),
  };
}

/** Throws OPTIONS_CHANGED where the same options of a component now resolve to something else. */
export function assertResolvesAlike(
  kind: RecordedKind,
  before: RecordedComponent,
  now: RecordedComponent,
): void {
  const counts = kind === 'dataset' ? withoutPlaces : (all: GivenOptions) => all;
  if (before.name !== now.name || !isDeepStrictEqual(counts(before.given), counts(now.given)))
    return;
  const [was, is] = [counts(before.options), counts(now.options)];
  const changed = [...Object.keys(was), ...Object.keys(is)].find(
    (name) => !isDeepStrictEqual(was[name], is[name]),
  );
  if (changed === undefined) return;
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
export function recallComponent<K extends RecordedKind>(
  kind: K,
  recorded: RecordedComponent,
  registry: ComponentRegistry,
): ComponentKinds[K] {
  const component: ComponentKinds[RecordedKind] = registry.get(kind, recorded.name);
  assertResolvesAlike(kind, recorded, recordComponent(component, recorded.given));
  const usable = component.kind === 'objective' ? component.configure(recorded.given) : component;
  return usable as ComponentKinds[K];
}
