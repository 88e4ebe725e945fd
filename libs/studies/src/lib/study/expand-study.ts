import { USUAL_RUN, canonicalJson } from '@winnow/experiments';
import { fractionOfPercent, suggestName, toldIssue } from '@winnow/plugin-api';
import { type SettingNames, runSettings, spelt } from './run-settings.ts';
import type { Study } from './study-file.ts';
import { type StudyPath, badStudy } from './study-place.ts';

type Values = Readonly<Record<string, unknown>>;

/** What one run is asked for, by the names of its settings. */
export interface Setting {
  readonly values: Values;
  /** Where in the file each was said; nothing of those that are as usual. */
  readonly from: Readonly<Record<string, StudyPath>>;
  /** Those that were said of this run alone. */
  readonly own: ReadonlySet<string>;
}

const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings of which a combination is made. */
interface Part {
  readonly values: Values;
  readonly from: Setting['from'];
}

const { options: _, ...USUAL } = USUAL_RUN;
const NOTHING: Part = { values: {}, from: {} };

const over = (below: Part, above: Part): Part => ({
  values: { ...below.values, ...above.values },
  from: { ...below.from, ...above.from },
});

/** Reads settings by their keys, and checks what can be checked without their components. Throws BAD_STUDY. */
function partOf(values: Values, path: StudyPath, { place }: Study, names: SettingNames): Part {
  const read: Record<string, unknown> = {};
  const from: Record<string, StudyPath> = {};
  for (const [key, value] of Object.entries(values)) {
    const at = [...path, key];
    const name = names.find(key);
    if (name === undefined)
      throw badStudy(place, at, `no run has a setting "${key}"`, suggestName(key, names.known));
    if (name in read) throw badStudy(place, at, `"${key}" is said twice`, 'Leave one of them out.');
    const own = runSettings.shape[name as keyof typeof runSettings.shape];
    const parsed = own?.safeParse(value);
    if (parsed && !parsed.success) {
      const [issue] = parsed.error.issues;
      const fraction = fractionOfPercent(value);
      const meant = fraction === undefined ? '' : `: ${String(value)} is ${fraction}`;
      throw badStudy(
        place,
        at,
        `"${key}" cannot be ${typeof value === 'number' ? String(value) : canonicalJson(value)}`,
        `It ${toldIssue(issue!)}${meant}.`,
      );
    }
    read[name] = value;
    from[name] = at;
  }
  return { values: read, from };
}

/** Whether a map is a value of its axis, such as a layer's density by its name, and not settings by theirs. */
function isValueOf(axis: string, value: unknown, names: SettingNames): boolean {
  const own = runSettings.shape[names.find(axis) as keyof typeof runSettings.shape];
  return own?.safeParse(value).success ?? false;
}

/** What each value of an axis sets. Throws BAD_STUDY. */
function partsOf(axis: string, values: readonly unknown[], study: Study, names: SettingNames) {
  return values.map((value, i) => {
    const path = ['axes', axis, i];
    if (isMap(value) && !isValueOf(axis, value, names)) return partOf(value, path, study, names);
    const { values: read } = partOf({ [axis]: value }, ['axes'], study, names);
    return { values: read, from: { [Object.keys(read)[0]!]: path } };
  });
}

/** Every combination of a value of each axis. Throws BAD_STUDY where two set the same. */
function combinations(study: Study, names: SettingNames): Part[] {
  let all: Part[] = [NOTHING];
  for (const [axis, values] of Object.entries(study.axes ?? {})) {
    const parts = partsOf(axis, values, study, names);
    all = all.flatMap((one) =>
      parts.map((part) => {
        const twice = Object.keys(part.values).find((name) => name in one.values);
        if (twice === undefined) return over(one, part);
        throw badStudy(
          study.place,
          part.from[twice]!,
          `two axes set "${twice}"`,
          'Set it in one of them.',
        );
      }),
    );
  }
  return all;
}

/** Whether a setting has each of these values, or one of the values where a list stands. */
function matches({ values }: Part, wanted: Values): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const own = canonicalJson(values[name]);
    return [value].flat().some((one) => canonicalJson(one) === own) || canonicalJson(value) === own;
  });
}

/** Which combinations there are. Throws BAD_STUDY for a condition on what no combination sets, or not so. */
function conditionsOf(study: Study, names: SettingNames, combined: readonly Part[]) {
  if (!study.where) return [];
  const set = new Map<string, Set<string | undefined>>();
  for (const { values } of combined)
    for (const [name, value] of Object.entries(values)) {
      const known = set.get(name) ?? new Set();
      set.set(name, known.add(canonicalJson(value)));
    }
  const assertThere = (name: string, wanted: unknown, at: StudyPath) => {
    const own = set.get(name)!;
    if (own.has(canonicalJson(wanted))) return;
    const stray = [wanted].flat().find((one) => !own.has(canonicalJson(one)));
    if (stray === undefined) return;
    const known = [...own].map((one) => String(JSON.parse(one!)));
    const problem = `no combination has ${spelt(name)} ${canonicalJson(stray)}`;
    throw badStudy(
      study.place,
      at,
      problem,
      suggestName(typeof stray === 'string' ? stray : canonicalJson(stray)!, known),
    );
  };
  const matchOf = (wanted: Values, path: StudyPath): Values => {
    const found = Object.entries(wanted).map(([key, value]) => {
      const name = names.find(key);
      if (name !== undefined && set.has(name)) {
        assertThere(name, value, [...path, key]);
        return [name, value] as const;
      }
      const known = [...set.keys()].filter((one) => names.find(one) !== undefined);
      throw badStudy(
        study.place,
        [...path, key],
        `no combination sets "${key}"`,
        suggestName(key, known),
      );
    });
    return Object.fromEntries(found);
  };
  return study.where.map((rule, i) => {
    const [skip, condition, only] = (['skip', 'if', 'only'] as const).map((part) =>
      matchOf(rule[part] ?? {}, ['where', i, part]),
    );
    return rule.skip
      ? (one: Part) => !matches(one, skip!)
      : (one: Part) => !matches(one, condition!) || matches(one, only!);
  });
}

function seedsOf({ seeds }: Study): readonly number[] | undefined {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
}

/**
 * Every setting that a study describes, in order: the combinations of its axes, then those that are included, each with
 * every seed; among them such as come to the same run. Throws BAD_STUDY.
 */
export function expandStudy(study: Study, names: SettingNames): Setting[] {
  const base = partOf(study.base ?? {}, ['base'], study, names);
  const usual: Part = { values: USUAL, from: {} };
  const common = over(usual, base);
  const seeds = seedsOf(study);
  const combined =
    // Without axes the base alone is a setting, unless others are listed.
    study.axes || !study.include ? combinations(study, names).map((one) => over(common, one)) : [];
  const parts = combined.length > 0 ? combined : [common];
  if (seeds && parts.every((one) => 'seed' in one.from)) {
    throw badStudy(
      study.place,
      parts[0]!.from['seed']!,
      'a seed is given, and "seeds" beside it',
      'Leave one of them out.',
    );
  }
  const withSeeds = (one: Part): Part[] =>
    seeds === undefined || 'seed' in one.from
      ? [one]
      : seeds.map((seed) => over(one, { values: { seed }, from: { seed: ['seeds'] } }));
  const all = combined.flatMap(withSeeds);
  const conditions = conditionsOf(study, names, all);
  const there = all.filter((one) => conditions.every((holds) => holds(one)));
  const settings: Setting[] = there.map((one) => ({ ...one, own: new Set<string>() }));
  for (const [i, values] of (study.include ?? []).entries()) {
    const part = partOf(values, ['include', i], study, names);
    const own = new Set(Object.keys(part.values));
    settings.push(...withSeeds(over(common, part)).map((one) => ({ ...one, own })));
  }
  if (settings.length > 0) return settings;
  throw badStudy(study.place, ['where'], 'no run is left', 'Loosen the conditions.');
}
