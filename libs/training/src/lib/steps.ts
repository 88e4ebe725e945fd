import * as tf from '@tensorflow/tfjs-core';
import { type ReadRequest, type TrainingOrder, readAhead, toDevice } from '@winnow/data';
import {
  type Batch,
  type Checkpoints,
  type ImageShape,
  type ImageSource,
  type ProgressReport,
  type RandomStream,
  WinnowError,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import type { Vector } from '@winnow/tensor-backend';

/** What changes from step to step, and is saved for going on: vectors by name, and plain values that survive JSON. */
export interface StepState {
  readonly vectors: Readonly<Record<string, Vector>>;
  values?(): Readonly<Record<string, unknown>>;
  /** Takes back what `values` gave. */
  restore?(values: Readonly<Record<string, unknown>>): void;
}

/** Images that are read for every step beside its own. */
export interface Companion {
  readonly source: ImageSource;
  /** For the steps from `first` to before `end`. */
  readonly requests: (first: number, end: number) => Iterable<ReadRequest>;
}

export interface StepWork {
  readonly source: ImageSource;
  readonly input: ImageShape;
  /** Which images each step sees. */
  readonly order: TrainingOrder;
  /** Of augmentation, where there is any. */
  readonly augmentation?: RandomStream;
  readonly companions?: Readonly<Record<string, Companion>>;
  /** The first step, where nothing is saved; 0 when left out. Progress counts from here. */
  readonly first?: number;
  /** The one before which the work ends. */
  readonly end: number;
  /** Of the whole, for progress. */
  readonly epochs: number;
  readonly state: StepState;
  readonly checkpoints: Checkpoints;
  readonly signal: AbortSignal;
  progress(report: ProgressReport): void;
  /** How errors call what is not finite, and a step: "The loss of resnet20", "training". */
  readonly subject: string;
  readonly kind: string;
  /** What to do where it is not finite; to lower the learning rate, unless told otherwise. */
  readonly hint?: (step: number) => string;
}

/** One step under way. */
export interface Step {
  /** Counted from 0, however often the work was interrupted. */
  readonly step: number;
  readonly epoch: number;
  /** On the device until the step is over. */
  readonly batch: Batch;
  readonly companions: Readonly<Record<string, Batch>>;
  /**
   * Says what came of the step: numbers for progress and metrics. Throws LOSS_NOT_FINITE unless `loss`, what is minimised,
   * and the norm of its gradient are finite.
   */
  readonly report: (
    values: ProgressReport['values'],
    outcome: { readonly loss: number; readonly gradientNorm: number },
  ) => void;
}

const LOWER_THE_RATE =
  'Lower the learning rate; `winnow run` takes --learning-rate, with another --out.';

function notFinite(
  { subject, kind, hint }: StepWork,
  { step, epoch }: Pick<Step, 'step' | 'epoch'>,
  { loss, gradientNorm }: { readonly loss: number; readonly gradientNorm: number },
  { learningRate }: ProgressReport['values'],
): WinnowError {
  const rate = learningRate === undefined ? '' : `, with learning rate ${learningRate}`;
  return new WinnowError(
    'LOSS_NOT_FINITE',
    `${subject} is ${loss} and its gradient's norm ${gradientNorm} at ${kind} step ${step} (epoch ${epoch + 1})${rate}.`,
    { hint: hint?.(step) ?? LOWER_THE_RATE },
  );
}

/** The blocks of a step, its own first; those of the companions are read ahead as well. */
async function* blocksOf(work: StepWork, first: number, beforeError: () => Promise<void>) {
  const { source, order, augmentation, companions = {}, end } = work;
  const own = readAhead(source, order.requests(first, end, augmentation), beforeError);
  const others = Object.entries(companions).map(
    ([name, { source, requests }]) =>
      [name, readAhead(source, requests(first, end), beforeError)] as const,
  );
  for await (const block of own) {
    const beside = others.map(
      async ([name, blocks]) => [name, (await blocks.next()).value!] as const,
    );
    yield { block, beside: await Promise.all(beside) };
  }
}

/**
 * The one loop of steps: reads ahead, puts each batch on the device, and after each step tells its progress, lets signals
 * through, and saves the state where that is due. Goes on from what is saved, to the same bits as without the
 * interruption. Throws LOSS_NOT_FINITE; INTERRUPTED, or what a source threw, after the state was saved.
 */
export async function* steps(work: StepWork): AsyncGenerator<Step, void, void> {
  const { order, state, checkpoints, input, first = 0, end } = work;
  let step = first;
  const saved = await checkpoints.load();
  if (saved) {
    for (const [name, vector] of Object.entries(state.vectors)) vector.write(saved.arrays[name]!);
    state.restore?.(saved.values);
    step = saved.values['step'] as number;
  }
  const save = () => {
    const arrays = Object.entries(state.vectors).map(([name, v]) => [name, v.read()] as const);
    return checkpoints.save({
      arrays: Object.fromEntries(arrays),
      values: { ...state.values?.(), step },
    });
  };
  // A file that cannot be read costs no step: the work goes on from here once it is mended.
  for await (const { block, beside } of blocksOf(work, step, save)) {
    const epoch = order.epochOf(step);
    const batch = toDevice(block, input);
    const companions = Object.fromEntries(
      beside.map(([name, other]) => [name, toDevice(other, input)] as const),
    );
    let values: ProgressReport['values'] = {};
    try {
      yield {
        step,
        epoch,
        batch,
        companions,
        report(numbers, outcome) {
          if (!Number.isFinite(outcome.loss) || !Number.isFinite(outcome.gradientNorm))
            throw notFinite(work, { step, epoch }, outcome, numbers);
          values = numbers;
        },
      };
    } finally {
      for (const { images, labels } of [batch, ...Object.values(companions)])
        tf.dispose([images, labels]);
    }
    step++;
    work.progress({
      step: step - first,
      steps: end - first,
      epoch,
      epochs: work.epochs,
      images: block.labels.length,
      values,
    });
    await nextTurn();
    if (work.signal.aborted) {
      await save();
      throw interrupted();
    }
    if (step < end && checkpoints.due()) await save();
  }
}
