import {
  ABLATIONS,
  ABLATION_NAMES,
  type Ablation,
  type RunConfig,
  type RunResult,
  ablationFolder,
} from '@winnow/experiments';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import { densityText } from '@winnow/report';
import type { NamedRun } from '../execute/named-run.ts';
import { type ManyRuns, runFolders } from '../execute/run-folders.ts';
import { hasPassed } from '../execute/run-job.ts';
import { toldRuns } from '../results/told-run.ts';
import { versionNotes } from '../results/version-notes.ts';
import { assertMadeAlike } from './assert-made-alike.ts';
import { checksElsewhere, knownElsewhere } from './checks-elsewhere.ts';
import { madeUnlike } from './made-unlike.ts';
import { type CheckPlan, type Replicate, planChecks } from './plan-checks.ts';
import { sharedFiles } from './shared-files.ts';
import { type Verdict, judge } from './verdict.ts';
import { assertKept, whyNot } from './why-not.ts';
import type { WelchTest } from '../statistics/welch-test.ts';

export interface SkippedCheck {
  readonly density: number;
  readonly ablation: Ablation;
  readonly reason: string;
}

export interface CheckRequest extends ManyRuns {
  readonly runs: readonly Replicate[];
  readonly seeds: number;
  /** Asked for by name, so that one that cannot be made is an error; all that can be made where there are none. */
  readonly ablations?: readonly string[] | undefined;
  /** The folder to work in, in place of those of the runs, which are only read then. */
  readonly out?: string | undefined;
  /** Of methods at least, those of plugins as far as they are loaded. */
  readonly registry: ComponentRegistry;
  /** Told before anything is trained of a check that was not asked for by name, and that tickets cannot have. */
  readonly onSkip: (skipped: SkippedCheck) => void;
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

/** What a run is called in notes, together with those of other seeds. */
function rowOf({ density, ablation }: RunConfig, densities: number): string {
  const what = ablation ? ABLATIONS[ablation].done : 'tickets';
  return densities > 1 ? `${what} at ${densityText(density)}` : what;
}

function ablated(run: Replicate, ablation: Ablation): NamedRun {
  return {
    name: nameOf(run, ablation),
    folder: ablationFolder(run.folder, ablation),
    config: { ...run.config, ablation },
  };
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
  runs: readonly Replicate[],
): Promise<void> {
  for (const ablation of ablations) {
    const reason = await whyNot(ablation, runs);
    if (reason) throw reason;
  }
}

/**
 * What tells which searches can be shared, where any is left, of a method that is known here: those of plugins are loaded
 * by who carries runs out.
 */
async function sharing(
  runs: readonly Replicate[],
  registry: ComponentRegistry,
): Promise<ComponentRegistry | undefined> {
  const isFound = await Promise.all(runs.map(({ folder }) => hasPassed(folder, 'ticket')));
  const isKnown = registry.names('pruner').includes(runs[0]!.config.method.name);
  return isKnown && isFound.includes(false) ? registry : undefined;
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
 * inversion that was asked for has no scores, FILE_NOT_READABLE where a run has not kept what ablations begin with,
 * FILE_NOT_WRITABLE, and what `runFolders` does.
 */
export async function sanityChecks(request: CheckRequest): Promise<CheckSummary> {
  const { runs, seeds, out, registry, onEvent, onSkip } = request;
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
  // Of what is there it can be told before anything is trained.
  for (const { density, replicates } of planned) {
    const known = out === undefined ? replicates : await knownElsewhere(replicates, out);
    await assertPossible(asked, known);
    for (const ablation of possible) {
      const reason = await whyNot(ablation, known);
      if (reason) onSkip({ density, ablation, reason: reason.message });
      else await assertKept(ablation, known);
    }
  }
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
  const shared = await sharing(replicates, registry);
  await runFolders(tickets, { until: 'end', registry: shared }, request);
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
  const told = await toldRuns(made);
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
    notes: [
      ...sharedFiles(plans),
      ...madeUnlike(
        told,
        made.map(({ name }) => name),
      ),
      ...versionNotes(
        told,
        made.map(({ config }) => rowOf(config, plans.length)),
      ),
    ],
    densities: await Promise.all(plans.map((plan) => judged(plan, ablations))),
  };
}
