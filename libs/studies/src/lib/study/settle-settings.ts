import { type ComponentRegistry, DENSE, isWinnowError, suggestName } from '@winnow/plugin-api';
import type { Setting } from './expand-study.ts';
import { settingsTaken, spelt } from './run-settings.ts';
import type { Study } from './study-file.ts';
import { badStudy } from './study-place.ts';

const COMPONENTS = [
  ['method', 'pruner'],
  ['objective', 'objective'],
  ['model', 'model'],
  ['dataset', 'dataset'],
] as const;

/** Throws BAD_STUDY for a component that there is not, where it is named. */
function assertKnown({ values, from }: Setting, { place }: Study, registry: ComponentRegistry) {
  for (const [setting, kind] of COMPONENTS) {
    const value = values[setting];
    if (value === undefined) continue;
    const name = (value as string).split(':')[0]!;
    const known = [...registry.names(kind), ...(kind === 'pruner' ? [DENSE] : [])];
    if (known.includes(name)) continue;
    const hint = suggestName(name, known);
    throw badStudy(place, from[setting]!, `there is no ${kind} "${name}"`, hint);
  }
  if (values['dataset'] === undefined)
    throw badStudy(place, ['base'], 'a run needs a data set', 'Write dataset: NAME into the base.');
}

/**
 * Settings without what their runs have no use for: of the base and the axes, where some other run has a use for it.
 * Throws BAD_STUDY for what no run takes, and for a component that there is not.
 */
export function settleSettings(
  settings: readonly Setting[],
  study: Study,
  registry: ComponentRegistry,
): Setting[] {
  const used = new Set<string>();
  const taken = settings.map((setting) => {
    assertKnown(setting, study, registry);
    const takes = settingsTaken(setting.values, registry);
    for (const name of takes) used.add(name);
    return takes;
  });
  return settings.map((setting, i) => {
    const { values, from, own } = setting;
    const stray = Object.keys(from).find((name) => !used.has(name));
    if (stray !== undefined) {
      throw badStudy(
        study.place,
        from[stray]!,
        `no run takes "${spelt(stray)}"`,
        'Leave it out, or add a run of what has it.',
      );
    }
    const kept = Object.entries(values).filter(([name]) => own.has(name) || taken[i]!.has(name));
    return { values: Object.fromEntries(kept), from, own };
  });
}

/** An error of one setting's run, told by the line that is to blame, where that is known. */
export function ofSetting(error: unknown, { from, values }: Setting, { place }: Study): unknown {
  if (!isWinnowError(error)) return error;
  const { issues = [] } = (error.cause ?? {}) as { issues?: readonly { path: PropertyKey[] }[] };
  const named = [
    ...issues.map(({ path }) => String(path[0])),
    ...(error.code === 'BAD_DENSITY' || error.code === 'EMPTY_TICKET' ? ['density'] : []),
    'method',
  ];
  const name = named.find((one) => one in from);
  if (name === undefined || error.code === 'DATA_NOT_FOUND') return error;
  const at = from[name]!;
  const who = `of method "${String(values['method'])}": `;
  return badStudy(
    place,
    at,
    `${name === 'method' ? '' : who}${error.sentence.replace(/\.$/, '')}`,
    error.message.slice(error.sentence.length + 1) || 'Mend the line.',
  );
}
