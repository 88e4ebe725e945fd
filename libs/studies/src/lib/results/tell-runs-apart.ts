import { WinnowError } from '@winnow/plugin-api';
import { ABLATION, INSTRUCTION_SETS, OBJECTIVE, differences, runFacts } from './run-facts.ts';
import { type ToldRun, instructionSets } from './told-run.ts';

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
export function tellRunsApart(runs: readonly ToldRun[]): string[] {
  const worlds = new Set(
    runs.map(({ config: { model, dataset } }) => `${model.name} on ${dataset.name}`),
  );
  if (worlds.size > 1) {
    throw new WinnowError('MIXED_RUNS', `These runs are of ${[...worlds].join(' and of ')}.`, {
      hint: 'Give the runs of one network and data set.',
    });
  }
  const differing = differences(runs);
  const names = runs.map((run, i) => namesOf(run, differing[i]!));
  const wholes = new Map<string, Set<string>>();
  for (const { whole, short } of names)
    wholes.set(short, (wholes.get(short) ?? new Set()).add(whole));
  return names.map(({ whole, short }) => (wholes.get(short)!.size === 1 ? short : whole));
}

/** Beside what is given, what is not goes without saying, unless a text stands for options of several names. */
function namesOf(run: ToldRun, differing: ReadonlySet<string>) {
  const { config } = run;
  const facts = runFacts(run);
  // Said of a run in any case: what it searched for, that its ticket is not its method's, and that not one thing computed it.
  const always = [
    ...(config.objective ? [OBJECTIVE] : []),
    ...(config.ablation ? [ABLATION] : []),
    ...(instructionSets(run).length > 1 ? [INSTRUCTION_SETS] : []),
  ];
  const told = [...new Set([...facts.keys(), ...differing])].filter(
    (fact) => always.includes(fact) || differing.has(fact),
  );
  const given = told.filter((fact) => facts.get(fact) !== undefined);
  const isMore = given.some((fact) => !always.includes(fact));
  const named = (own: readonly string[]) => {
    const words = own.map((fact) => shown(fact, facts.get(fact)));
    return words.length > 0 ? `${config.method.name} (${words.join(', ')})` : config.method.name;
  };
  return { whole: named(told), short: named(isMore ? given : told) };
}
