import {
  ABLATIONS,
  ABLATION_NAMES,
  type Ablation,
  type RunResult,
  ablationFolder,
} from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import { type ManyRuns, runFolders } from '../execute/run-folders.ts';
import { toldRuns } from '../results/told-run.ts';
import { assertMadeAlike } from './assert-made-alike.ts';
import { checksElsewhere } from './checks-elsewhere.ts';
import { madeUnlike } from './made-unlike.ts';
import { type CheckPlan, type Replicate, planChecks } from './plan-checks.ts';
import { type Verdict, judge } from './verdict.ts';
import type { WelchTest } from '../statistics/welch-test.ts';

export interface CheckRequest extends ManyRuns {
  readonly runs: readonly Replicate[];
  readonly seeds: number;
  /** Asked for by name, so that one that cannot be made is an error; all that can be made where there are none. */
  readonly ablations?: readonly string[] | undefined;
  /** The folder to work in, in place of those of the runs, which are only read then. */
  readonly out?: string | undefined;
}

/** How one ablation compares with the ticket; accuracies are fractions of the test images, a seed each. */
export type Check = { readonly ablation: Ablation } & (
  | ({ readonly verdict: Verdict; readonly accuracies: readonly number[] } & WelchTest)
  | { readonly verdict: 'skipped'; readonly reason: string }
);

export interface CheckedDensity {
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  readonly seeds: readonly number[];
  /** The tickets' own accuracies. */
  readonly accuracies: readonly number[];
  readonly checks: readonly Check[];
}

/** `check.json`. */
export interface CheckSummary {
  readonly method: string;
  readonly objective?: string;
  readonly model: string;
  readonly dataset: string;
  readonly classes: number;
  readonly start: 'init' | 'rewind';
  readonly rewindEpochs: number;
  readonly epochs: number;
  readonly testExamples: number;
  readonly test: string;
  /** What not all runs are alike in, beside their seeds. */
  readonly notes: readonly string[];
  readonly densities: readonly CheckedDensity[];
}

const TEST = "Welch's t test, two-sided, with the 95 % interval of the difference";

/** Ablations by their names. Throws INVALID_OPTION for one that there is not. */
function namedAblations(names: readonly string[]): Ablation[] {
  return names.map((name) => {
    const known = ABLATION_NAMES.find((ablation) => ablation === name);
    if (known) return known;
    throw new WinnowError('INVALID_OPTION', `There is no ablation "${name}".`, {
      hint: `Give some of ${ABLATION_NAMES.join(', ')}, with commas between.`,
    });
  });
}

const nameOf = ({ config: { density, seed } }: Replicate, ablation?: Ablation) =>
  `density ${density}, seed ${seed}${ablation ? `, ${ablation}` : ''}`;

function ablated(run: Replicate, ablation: Ablation): NamedRun {
  return {
    name: nameOf(run, ablation),
    folder: ablationFolder(run.folder, ablation),
    config: { ...run.config, ablation },
  };
}

/** Why an ablation cannot be made of one of these tickets, if it cannot. */
async function whyNot(
  ablation: Ablation,
  ticketed: readonly Replicate[],
): Promise<WinnowError | undefined> {
  const reasons = await Promise.all(
    ticketed.map(async ({ folder }) => ABLATIONS[ablation].whyNot?.(folder)),
  );
  return reasons.find((reason) => reason !== undefined);
}

/** Why a check at a density is skipped, if it is. */
async function whySkipped(
  ablation: Ablation,
  { replicates }: CheckPlan,
): Promise<string | undefined> {
  const never = ABLATIONS[ablation].whyNever?.(replicates[0]!.config);
  return never ?? (await whyNot(ablation, replicates))?.message;
}

/** Throws what keeps one of the ablations from being made of these tickets. */
async function assertPossible(
  ablations: readonly Ablation[],
  ticketed: readonly Replicate[],
): Promise<void> {
  for (const ablation of ablations) {
    const reason = await whyNot(ablation, ticketed);
    if (reason) throw reason;
  }
}

/** Throws FILE_NOT_WRITABLE, before anything is trained, where a run lies that nothing can be put beside; RUN_IN_USE. */
async function assertWritable(runs: readonly Replicate[]): Promise<void> {
  for (const { folder } of runs) await folder.hold(() => Promise.resolve());
}

async function resultOf({ folder }: Replicate): Promise<RunResult> {
  return (await folder.readResult())!;
}

async function judged(plan: CheckPlan, ablations: readonly Ablation[]): Promise<CheckedDensity> {
  const { density, replicates } = plan;
  const results = await Promise.all(replicates.map(resultOf));
  const accuracies = results.map(({ testAccuracy }) => testAccuracy);
  const checks = ablations.map(async (ablation): Promise<Check> => {
    const reason = await whySkipped(ablation, plan);
    if (reason !== undefined) return { ablation, verdict: 'skipped', reason };
    const altered = await Promise.all(replicates.map((run) => resultOf(ablated(run, ablation))));
    const own = altered.map(({ testAccuracy }) => testAccuracy);
    return { ablation, accuracies: own, ...judge(accuracies, own) };
  });
  return {
    density,
    kept: results[0]!.kept,
    size: results[0]!.size,
    seeds: replicates.map(({ config }) => config.seed),
    accuracies,
    checks: await Promise.all(checks),
  };
}

/**
 * Trains tickets and their ablations, several seeds each and all with the same budget, and judges every ablation
 * (arXiv 2512.07142, Figures 4 and 5). What is done is not done again. Throws INVALID_OPTION, NO_SCORES where an
 * inversion that was asked for has no scores, FILE_NOT_WRITABLE, and what `runFolders` does.
 */
export async function sanityChecks(request: CheckRequest): Promise<CheckSummary> {
  const { runs, seeds, out, onEvent } = request;
  const planned = planChecks(runs, seeds);
  const { config } = runs[0]!;
  const asked = namedAblations(request.ablations ?? []);
  const ablations = request.ablations ? asked : ABLATION_NAMES;
  const whyNever = (ablation: Ablation) => ABLATIONS[ablation].whyNever?.(config);
  const possible = ablations.filter((ablation) => whyNever(ablation) === undefined);
  for (const ablation of asked) {
    const reason = whyNever(ablation);
    if (reason === undefined) continue;
    throw new WinnowError('INVALID_OPTION', `There is no check "${ablation}": ${reason}.`, {
      hint: 'Leave it out of --ablations.',
    });
  }
  // Of tickets that are there it can be told before anything is trained.
  const ticketed: Replicate[] = [];
  for (const run of planned.flatMap((plan) => plan.replicates))
    if (await run.folder.has('ticket')) ticketed.push(run);
  await assertPossible(asked, ticketed);
  assertMadeAlike(
    await toldRuns(runs),
    runs.map(({ folder }) => folder.path),
  );
  if (out === undefined) await assertWritable(runs);
  const plans = out === undefined ? planned : await checksElsewhere(planned, out);
  const replicates = plans.flatMap((plan) => plan.replicates);
  const count = replicates.length * (1 + possible.length);
  onEvent({ type: 'task', task: 'check', runs: count });
  const tickets = replicates.map((run) => ({ name: nameOf(run), ...run }));
  await runFolders(tickets, { until: 'end' }, request);
  await assertPossible(asked, replicates);
  const altered: NamedRun[] = [];
  for (const plan of plans) {
    for (const ablation of possible) {
      if ((await whySkipped(ablation, plan)) !== undefined) continue;
      altered.push(...plan.replicates.map((run) => ablated(run, ablation)));
    }
  }
  await runFolders(altered, { until: 'end' }, request);
  const made = [...tickets, ...altered];
  const names = made.map(({ name }) => name);
  const result = await resultOf(replicates[0]!);
  return {
    method: result.method,
    ...(result.objective === undefined ? {} : { objective: result.objective }),
    model: result.model,
    dataset: result.dataset,
    classes: config.classes,
    start: result.start,
    rewindEpochs: result.rewindEpochs,
    epochs: result.epochs,
    testExamples: result.testExamples,
    test: TEST,
    notes: madeUnlike(await toldRuns(made), names),
    densities: await Promise.all(plans.map((plan) => judged(plan, ablations))),
  };
}
