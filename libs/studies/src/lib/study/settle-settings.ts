import { splitDatasetChoice } from '@winnow/experiments';
import {
  type ComponentKind,
  type ComponentRegistry,
  DENSE,
  KINDS,
  WinnowError,
  flagsAsKeys,
  flagsIn,
  isWinnowError,
  optionIssues,
  refusesDensity,
  suggestName,
  toldIssues,
} from '@winnow/plugin-api';
import type { Setting } from './expand-study.ts';
import { runSettings, settingsTaken, spelt } from './run-settings.ts';
import type { Study } from './study-file.ts';
import { badStudy, lineAt } from './study-place.ts';

const COMPONENTS = [
  ['method', 'pruner'],
  ['objective', 'objective'],
  ['model', 'model'],
  ['dataset', 'dataset'],
  ['backend', 'backend'],
] as const;

/** What stands where a component's name may, and is none. */
const BESIDE: Partial<Record<ComponentKind, readonly string[]>> = {
  pruner: [DENSE],
  backend: ['auto'],
};

/** Throws BAD_STUDY for a component that there is not, where it is named. */
function assertKnown({ values, from }: Setting, { place }: Study, registry: ComponentRegistry) {
  for (const [setting, kind] of COMPONENTS) {
    const value = values[setting];
    if (value === undefined) continue;
    const name = kind === 'dataset' ? splitDatasetChoice(value as string).name : (value as string);
    const known = [...registry.names(kind), ...(BESIDE[kind] ?? [])];
    if (known.includes(name)) continue;
    const [method = '', objective] = name.split(':');
    const hint =
      kind === 'pruner' && objective !== undefined && known.includes(method)
        ? `Write method: ${method}, and objective: ${objective}.`
        : suggestName(name, known);
    throw badStudy(
      place,
      from[setting]!,
      `there is no ${KINDS[kind].title.toLowerCase()} "${name}"`,
      hint,
    );
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

/** Settings that hold the density that an error refuses. */
function densitiesOf(error: WinnowError, { density, layerDensity }: Setting['values']): string[] {
  const layers = runSettings.shape.layerDensity.safeParse(layerDensity).data;
  const own = Object.entries({ density, layerDensity: layers });
  return own.flatMap(([name, value]) => (refusesDensity(error, value) ? [name] : []));
}

/** Settings that an error may be of, by what it says, the likeliest first. */
function* suspects(error: WinnowError, { values }: Setting) {
  const { code, sentence, message } = error;
  for (const { path } of optionIssues(error)) yield* [...path].reverse().map(String);
  const densities = densitiesOf(error, values);
  if (densities.length === 1) yield* densities;
  if (code === 'DATA_NOT_FOUND') yield* ['dataDir', 'dataset'];
  if (sentence.includes(String(values['startWeights']))) yield 'startWeights';
  for (const flag of flagsIn(message))
    yield* Object.keys(values).filter((name) => spelt(name) === flag);
  for (const owner of ['objective', 'model', 'dataset'])
    if (sentence.includes(`"${String(values[owner])}"`)) yield owner;
  yield* ['method', 'dataset'];
}

/** An error of one setting's run, told by the line that is to blame, and in the words of files. */
export function ofSetting(error: unknown, setting: Setting, { place }: Study): unknown {
  if (!isWinnowError(error)) return error;
  const { from, values } = setting;
  const name = [...suspects(error, setting)].find((one) => one in from);
  const at = name === undefined ? ['base'] : from[name]!;
  const issues = optionIssues(error).filter(({ path }) => path.length > 0);
  const sentence =
    issues.length > 0
      ? toldIssues(issues, (option) => `"${spelt(String(option))}"`)
      : error.sentence.replace(/\.$/, '');
  const hint = error.message.slice(error.sentence.length + 1) || 'Mend the line.';
  // It is not the file that is to be mended.
  if (error.code === 'DATA_NOT_FOUND')
    return new WinnowError(error.code, `${lineAt(place, at)}: ${sentence}.`, { hint });
  const who = name === 'method' ? '' : `of method "${String(values['method'])}": `;
  return badStudy(place, at, `${who}${flagsAsKeys(sentence)}`, flagsAsKeys(hint));
}
