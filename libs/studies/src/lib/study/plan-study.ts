import { dirname, join, resolve } from 'node:path';
import {
  type OpenDataset,
  type RunConfig,
  RunFolder,
  canonicalJson,
  onAnyBackend,
  openOnce,
  planRun,
  prepareRun,
  runName,
} from '@winnow/experiments';
import { type ComponentRegistry, DENSE, type Dataset } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import { expandStudy } from './expand-study.ts';
import { SettingNames, requestOf } from './run-settings.ts';
import { ofSetting, settleSettings } from './settle-settings.ts';
import type { Study } from './study-file.ts';

/** What runs are made by here. */
export interface StudySetting {
  readonly registry: ComponentRegistry;
  /** Folder of the runs. */
  readonly runs: string;
  /** Of runs that name none; started already. */
  readonly backend: string;
  /** Of the software, for the record. */
  readonly versions: Readonly<Record<string, string>>;
  readonly openDataset?: OpenDataset | undefined;
}

/** A run of a study; its name is its folder's, in the folder of the runs. */
export interface StudyRun extends NamedRun {
  readonly dataset: Dataset;
  /** Whether the study says on which backend it is computed. */
  readonly ofBackend: boolean;
}

/**
 * The runs that a study describes, each once, under names that say what decides their numbers: of the backend where the
 * study sets one, and not of versions. Throws BAD_STUDY, and what `planRun` does.
 */
export async function planStudy(study: Study, setting: StudySetting): Promise<StudyRun[]> {
  const { registry, versions } = setting;
  const open = openOnce(setting.openDataset);
  const settings = settleSettings(expandStudy(study, new SettingNames(registry)), study, registry);
  const known = new Map<string, { readonly config: RunConfig; readonly dataset: Dataset }>();
  const runs = new Map<string, StudyRun>();
  for (const one of settings) {
    const { backend: chosen = 'auto', seed, startWeights, ...others } = one.values;
    const rest = {
      ...others,
      ...(startWeights !== undefined && {
        startWeights: resolve(dirname(study.place.path), startWeights as string),
      }),
    };
    const ofBackend = chosen !== 'auto';
    const backend = ofBackend ? registry.get('backend', String(chosen)).name : setting.backend;
    // Of densities of layers the order counts.
    const key = JSON.stringify({ ...rest, backend });
    try {
      const made = { backend, versions };
      const plan =
        known.get(key) ?? (await planRun(requestOf({ ...rest, seed }, made), registry, open));
      known.set(key, plan);
      const config: RunConfig = { ...plan.config, seed: seed as number };
      const name = runName(ofBackend ? config : onAnyBackend(config));
      if (runs.has(name)) continue;
      const folder = new RunFolder(join(setting.runs, name));
      runs.set(name, { name, folder, config, dataset: plan.dataset, ofBackend });
    } catch (error) {
      throw ofSetting(error, one, study);
    }
  }
  return [...runs.values()];
}

/** What tells one search from another, but for the seed, and the density where its method does not look at that beforehand. */
function searchOf({ config }: NamedRun, registry: ComponentRegistry): string {
  const { method, objective, model, dataset, recipe, start, density } = config;
  const looks = method.name !== DENSE && registry.get('pruner', method.name).prepare !== undefined;
  return canonicalJson([method, objective, model, dataset, recipe, start, looks && density])!;
}

/**
 * Refuses runs whose method, objective, network and data do not go together, before anything is begun. Throws what
 * `prepareRun` does.
 */
export async function prepareStudy(
  runs: readonly StudyRun[],
  registry: ComponentRegistry,
): Promise<void> {
  const seen = new Set<string>();
  for (const run of runs) {
    const key = searchOf(run, registry);
    if (seen.has(key)) continue;
    seen.add(key);
    await prepareRun(run.config, run.folder, { registry, dataset: run.dataset });
  }
}
