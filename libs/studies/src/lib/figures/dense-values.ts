import { ABLATIONS, type ObjectiveValues, type RunConfig } from '@winnow/experiments';
import { DENSE } from '@winnow/plugin-api';
import { groupBy } from '@winnow/report';
import { tellRunsApart } from '../results/tell-runs-apart.ts';
import type { ToldRun } from '../results/told-run.ts';
import type { SeriesRun } from './figure-runs.ts';
import { startName } from '../results/run-facts.ts';

/** What objectives are with all weights, at a start point. */
export interface DenseValues {
  /** "dense", or where start points are of several kinds, "dense (init)" */
  readonly series: string;
  readonly seed: number;
  readonly values: ObjectiveValues;
}

/** The values that runs of one network and data set have kept, of each start point once. */
export function denseValues(
  kept: readonly { readonly run: SeriesRun; readonly values: ObjectiveValues }[],
): DenseValues[] {
  const names = namesOf(kept.map(({ run }) => run));
  const once = new Map<string, DenseValues>();
  for (const { run, values } of kept) {
    const { seed, startWeights } = run.config;
    const series = names.get(run)!;
    const key = JSON.stringify([series, startWeights && !drawsAnew(run.config) ? null : seed]);
    const known = once.get(key);
    once.set(key, { series, seed: known?.seed ?? seed, values: { ...values, ...known?.values } });
  }
  return [...once.values()];
}

const drawsAnew = ({ ablation }: RunConfig) =>
  ablation !== undefined && ABLATIONS[ablation].freshWeights !== undefined;

/** A name for each kind of start point: those of one name differ in their seeds alone. */
function namesOf(runs: readonly SeriesRun[]): ReadonlyMap<SeriesRun, string> {
  const kinds = groupBy(runs, ({ config }) => startName(config));
  return new Map(
    [...kinds].flatMap(([start, own]) => {
      const names = tellRunsApart(own.map((run) => atStart(run, own[0]!.config)));
      return own.map((run, i) => {
        const told = [kinds.size > 1 ? start : '', names[i]!.slice(DENSE.length + 2, -1)];
        const words = told.filter((word) => word !== '').join(', ');
        return [run, words === '' ? DENSE : `${DENSE} (${words})`] as const;
      });
    }),
  );
}

/** A run as far as it decides the values of the dense network, the rest as the first run has it. */
function atStart({ config, environments }: SeriesRun, first: RunConfig): ToldRun {
  const { objective, ablation, leaveOut, layerDensities, fineTune, ...rest } = config;
  const dense: RunConfig = {
    ...rest,
    method: { name: DENSE, given: {}, options: {} },
    ...(ablation && drawsAnew(config) && { ablation }),
  };
  if (config.rewindEpochs > 0 && !config.startWeights) return { config: dense, environments };
  // Weights that nobody trained are the same on every backend, and values are over batches of the size to train with.
  const recipe = { ...first.recipe, batchSize: config.recipe.batchSize };
  return { config: { ...dense, recipe, backend: first.backend } };
}
