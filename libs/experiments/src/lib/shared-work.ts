import { sha256 } from '@winnow/files';
import { type ComponentRegistry, DENSE, type PassedRound } from '@winnow/plugin-api';
import { ABLATIONS } from './ablations.ts';
import { canonicalJson } from './canonical-json.ts';
import { recallComponent } from './recorded-component.ts';
import { type RunConfig, comparable, pluginCode } from './run-config.ts';

const hashOf = (value: unknown) => sha256(canonicalJson(value)!);

/** What decides the fresh weights, which every backend draws alike. */
function ofFreshWeights(config: RunConfig) {
  const { model, input, classes, seed, startWeights } = comparable(config);
  return { model, input, classes, seed, startWeights, plugins: codeOf(config, ['model']) };
}

/** Of the plugins that bring any of these. */
const codeOf = ({ plugins }: RunConfig, what: readonly string[]) =>
  pluginCode(plugins.filter(({ brings }) => !brings || brings.some((one) => what.includes(one))));

/** Runs of the same one have the same start point, to the bit: it is a hash of what decides that. */
export function startIdentity(config: RunConfig): string {
  const {
    method,
    objective,
    density,
    layerDensities,
    layerOrder,
    ablation,
    leaveOut,
    fineTune,
    ...rest
  } = comparable(config);
  const stream = ablation && ABLATIONS[ablation].freshWeights;
  // An ablation of the same weights copies those of the run that it alters.
  const trained = { ...rest, plugins: codeOf(config, ['model', 'dataset', 'backend']) };
  return hashOf([config.rewindEpochs > 0 ? trained : ofFreshWeights(config), stream ?? null]);
}

/** What decides the ticket beside its density; nothing of a run that searches for none. */
function ofSearch(config: RunConfig, registry: ComponentRegistry) {
  const { method, ablation, rewindEpochs } = config;
  if (method.name === DENSE || ablation) return undefined;
  const { density, recipe, fineTune, ...rest } = comparable(config);
  // What scores weights at their initialisation sees nothing of training but the size of its batches.
  const scores = recallComponent('pruner', method, registry).scoring !== undefined;
  return { ...rest, recipe: scores && rewindEpochs === 0 ? recipe.batchSize : recipe };
}

/** Runs of the same one find the same ticket, to the bit; undefined of those that search for none. */
export function searchIdentity(config: RunConfig, registry: ComponentRegistry): string | undefined {
  const search = ofSearch(config, registry);
  return search && hashOf({ ...search, density: config.density });
}

/** A search that trains in rounds, as it may be part of one for a lower density. */
export interface RoundsOfSearch {
  /** Of searches of the same one, the longer ones pass through what the shorter ones do. */
  readonly identity: string;
  /** Where a longer one may have the ticket that this one ends with; undefined where it has not. */
  readonly passed: PassedRound | undefined;
}

/**
 * Undefined of methods that do not train in rounds, and with layer densities, since what a round keeps of each layer depends
 * on the final density.
 */
export function roundsOfSearch(
  config: RunConfig,
  registry: ComponentRegistry,
): RoundsOfSearch | undefined {
  const search = ofSearch(config, registry);
  const { roundAt } = search ? recallComponent('pruner', config.method, registry) : {};
  if (!search || !roundAt || config.layerDensities) return undefined;
  return { identity: hashOf(search), passed: roundAt(config.density, config.method.given) };
}
