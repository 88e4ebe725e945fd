import { resolve } from 'node:path';
import { DENSE, WinnowError } from '@winnow/plugin-api';
import { type RunConfig, firstDifference, RunFolder } from '@winnow/experiments';

/** A run of one seed: the whole pipeline from start point to trained ticket. */
export interface Replicate {
  readonly folder: RunFolder;
  readonly config: RunConfig;
}

/** One method at one density. */
export interface CheckPlan {
  readonly density: number;
  /** The runs given, and below the first of them those of more seeds. */
  readonly replicates: readonly Replicate[];
}

/** One seed has no spread, and two leave almost no degrees of freedom. */
export const FEWEST_SEEDS = 3;

function refuse(message: string, hint: string): never {
  throw new WinnowError('INVALID_OPTION', message, { hint });
}

function assertTicketed({ folder: { path }, config: { method, ablation } }: Replicate): void {
  if (method.name === DENSE)
    refuse(`${path} is a dense run, which has no ticket.`, 'Give a run with a density below 1.');
  if (ablation)
    refuse(`${path} is an ablation itself (${ablation}).`, 'Give the run whose ticket it alters.');
}

/** The method whose tickets are those of files. */
const GIVEN = 'given';

/** What a run may take from a file, whatever its seed, and a hash of that. */
export const FROM_FILES: readonly {
  readonly what: string;
  readonly hash: (config: RunConfig) => string | undefined;
}[] = [
  { what: 'ticket', hash: ({ method }) => (method.name === GIVEN ? method.checksum : undefined) },
  { what: 'start weights', hash: ({ startWeights }) => startWeights?.hash },
];

/** A run as it is to be but for seed and density; what both take from files is each one's own. */
function likeFirst(first: RunConfig, { seed, density, method, startWeights }: RunConfig) {
  return {
    ...{ ...first, seed, density },
    ...(first.method.name === GIVEN && method.name === GIVEN && { method }),
    ...(first.startWeights && startWeights && { startWeights }),
  };
}

/** Another seed of the same run, in a folder below it. */
function anotherSeed({ folder, config }: Replicate, seed: number): Replicate {
  return { folder: new RunFolder(folder.file(`checks/seed${seed}`)), config: { ...config, seed } };
}

/** Throws INVALID_OPTION where seeds are lacking that cannot be added. */
function assertEnough(alike: readonly Replicate[], seeds: number): void {
  const { folder, config } = alike[0]!;
  const taken = FROM_FILES.find(({ hash }) => hash(config) !== undefined)?.what;
  const count = alike.length;
  if (taken === undefined || count >= seeds) return;
  const fewer = count >= FEWEST_SEEDS ? `, or --seeds ${count}` : '';
  refuse(
    `At density ${config.density} there are runs of ${count} of ${seeds} seeds, and none can be added: ${folder.path} takes its ${taken} from a file, whatever its seed.`,
    `Give runs of ${seeds} seeds at each density, each with its own ${taken}${fewer}.`,
  );
}

/**
 * What to compare for runs of one method that differ in seed and density alone: runs of one density are replicates of
 * each other, and where they are fewer than `seeds`, runs of the next seeds join them. Throws INVALID_OPTION, also where
 * those would take from a file what a seed is to decide.
 */
export function planChecks(given: readonly Replicate[], seeds: number): readonly CheckPlan[] {
  if (seeds < FEWEST_SEEDS)
    refuse(`${seeds} seeds tell nothing of chance.`, `Give --seeds ${FEWEST_SEEDS} or more.`);
  given.forEach(assertTicketed);
  const first = given[0]!;
  const byDensity = new Map<number, Replicate[]>();
  for (const run of given) {
    const { seed, density } = run.config;
    const difference = firstDifference(likeFirst(first.config, run.config), run.config);
    if (difference) {
      refuse(
        `${first.folder.path} and ${run.folder.path} differ in ${difference.path}.`,
        'Give runs that differ in seed and density alone.',
      );
    }
    const alike = byDensity.get(density) ?? [];
    const same = alike.find(({ config }) => config.seed === seed);
    if (same && resolve(same.folder.path) !== resolve(run.folder.path)) {
      refuse(
        `${same.folder.path} and ${run.folder.path} are both of seed ${seed}.`,
        'Give every seed once at a density.',
      );
    }
    if (!same) byDensity.set(density, [...alike, run]);
  }
  return [...byDensity]
    .sort(([a], [b]) => b - a)
    .map(([density, alike]) => {
      assertEnough(alike, seeds);
      const replicates = [...alike];
      const taken = new Set(alike.map(({ config }) => config.seed));
      for (let seed = alike[0]!.config.seed + 1; replicates.length < seeds; seed++)
        if (!taken.has(seed)) replicates.push(anotherSeed(alike[0]!, seed));
      return { density, replicates };
    });
}
