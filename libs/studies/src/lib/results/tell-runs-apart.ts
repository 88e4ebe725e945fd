import { WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from '@winnow/experiments';
import { ABLATION, OBJECTIVE, differences, runFacts } from './run-facts.ts';

function shown(fact: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const name = fact
    .slice(fact.indexOf('.') + 1)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return value === undefined ? `no ${name} given` : `${name} ${JSON.stringify(value)}`;
}

/**
 * A name for each run: its method, its objective, what tells it from other runs of the same method, and in what else not
 * all of these runs are alike, density, seed and versions left out: "cts (kl, lagrange, epochs 8)". Throws MIXED_RUNS unless
 * all are of one network and data set.
 */
export function tellRunsApart(configs: readonly RunConfig[]): string[] {
  const worlds = new Set(configs.map(({ model, dataset }) => `${model.name} on ${dataset.name}`));
  if (worlds.size > 1) {
    throw new WinnowError('MIXED_RUNS', `These runs are of ${[...worlds].join(' and of ')}.`, {
      hint: 'Give the runs of one network and data set.',
    });
  }
  const differing = differences(configs);
  return configs.map((config, i) => {
    const facts = runFacts(config);
    // Said of a run in any case: what it searched for, and that its ticket is not its method's.
    const always = [
      ...(config.objective ? [OBJECTIVE] : []),
      ...(config.ablation ? [ABLATION] : []),
    ];
    const told = [...new Set([...facts.keys(), ...differing[i]!])].filter(
      (fact) => always.includes(fact) || differing[i]!.has(fact),
    );
    const words = told.map((fact) => shown(fact, facts.get(fact)));
    return words.length > 0 ? `${config.method.name} (${words.join(', ')})` : config.method.name;
  });
}
