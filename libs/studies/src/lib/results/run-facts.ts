import { type RunConfig, canonicalJson, tellFineTune } from '@winnow/experiments';
import { DENSE } from '@winnow/plugin-api';
import { type ToldRun, inTurn, instructionSets } from './told-run.ts';

/** What a run is beside its method, density and seed, by names whose part before the point says what it is of. */
export type RunFacts = ReadonlyMap<string, unknown>;

export const OBJECTIVE = 'method.objective';
export const ABLATION = 'method.ablation';
export const INSTRUCTION_SETS = 'engine.instructions';

/** "init" or "rewind after 3" */
export const startName = ({
  start,
  rewindEpochs,
}: {
  readonly start: string;
  readonly rewindEpochs: number;
}) => (start === 'init' ? start : `rewind after ${rewindEpochs}`);

/** Facts that follow from another one wherever nobody meddles: a schedule is stretched to its epochs. */
const FOLLOWS: Readonly<Record<string, string>> = {
  'recipe.dropEpochs': 'recipe.epochs',
  'recipe.warmupEpochs': 'recipe.epochs',
};

export function runFacts(run: ToldRun): RunFacts {
  const { config } = run;
  const instructions = instructionSets(run);
  const { method, objective, model, dataset, ablation, startWeights, recipe, fineTune } = config;
  const of = (part: string, options: object) =>
    Object.entries(options).map(([name, value]) => [`${part}.${name}`, value] as const);
  return new Map<string, unknown>([
    [OBJECTIVE, objective?.name],
    ...of('objective', objective?.options ?? {}),
    ...of('option', method.options),
    ['option.checksum', method.checksum && `files ${method.checksum.slice(0, 12)}`],
    ...of('model', model.options),
    ...of('dataset', dataset.options),
    ['pruning.leaveOut', config.leaveOut],
    [
      'pruning.layerDensities',
      // A list, since their order counts.
      config.layerDensities && Object.entries(config.layerDensities).map((own) => own.join('=')),
    ],
    ['dataset.', `data ${dataset.checksum.slice(0, 12)}`],
    [ABLATION, ablation ?? 'no ablation'],
    ['pruning.start', startName(config)],
    ['start.startWeights', startWeights && `weights ${startWeights.hash.slice(0, 12)}`],
    ...of('recipe', { ...recipe, name: `recipe ${recipe.name}` }),
    ['training.fineTune', fineTune ? `fine-tuned ${tellFineTune(fineTune)}` : 'not fine-tuned'],
    ['backend.', `on ${config.backend}`],
    ...(instructions.length > 0 ? [[INSTRUCTION_SETS, inTurn(instructions)] as const] : []),
    ...config.plugins.map(
      ({ name, sha256 }) => [`plugin.${name}`, `plugin ${name} ${sha256.slice(0, 12)}`] as const,
    ),
  ]);
}

/** Runs whose scopes of a fact are the same are compared in it; a run that has none is not concerned. */
function scopeOf(
  fact: string,
  { method, objective }: RunConfig,
  own: RunFacts,
): string | undefined {
  switch (fact.slice(0, fact.indexOf('.'))) {
    case 'method':
    case 'option':
      return method.name;
    // Options of one objective are none of another's.
    case 'objective':
      return `${method.name} ${objective?.name}`;
    case 'pruning':
      return method.name === DENSE ? undefined : '';
    // Who has a plugin, has it for a component, which is named; other backends have no instruction set.
    case 'plugin':
    case 'engine':
      return own.has(fact) ? '' : undefined;
    default:
      return '';
  }
}

/** How many different values facts have together among the runs of each scope. */
function ways(
  names: readonly string[],
  scopes: readonly (string | undefined)[],
  facts: readonly RunFacts[],
): ReadonlyMap<string | undefined, number> {
  const values = new Map<string | undefined, Set<string>>();
  facts.forEach((own, i) => {
    const value = canonicalJson(names.map((name) => own.get(name) ?? null))!;
    values.set(scopes[i], (values.get(scopes[i]) ?? new Set()).add(value));
  });
  return new Map([...values].map(([scope, own]) => [scope, own.size]));
}

/** Of each run, the names of what it may have otherwise than those beside it. */
export function differences(runs: readonly ToldRun[]): ReadonlySet<string>[] {
  const facts = runs.map(runFacts);
  const found = runs.map(() => new Set<string>());
  for (const fact of new Set(facts.flatMap((own) => [...own.keys()]))) {
    const scopes = runs.map(({ config }, i) => scopeOf(fact, config, facts[i]!));
    const leader = FOLLOWS[fact];
    const told = ways(leader === undefined ? [fact] : [leader, fact], scopes, facts);
    const before = leader === undefined ? undefined : ways([leader], scopes, facts);
    scopes.forEach((scope, i) => {
      if (scope !== undefined && told.get(scope)! > (before?.get(scope) ?? 1)) found[i]!.add(fact);
    });
  }
  return found;
}
