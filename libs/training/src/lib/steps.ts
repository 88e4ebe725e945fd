import * as tf from '@tensorflow/tfjs-core';
import { type ReadRequest, type TrainingOrder, readAhead, toDevice } from '@winnow/data';
import {
  type Batch,
  type Checkpoints,
  type ImageBlock,
  type ImageShape,
  type ImageSource,
  type ProgressReport,
  type RandomStream,
  type SavedState,
  WinnowError,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import type { Reading } from '@winnow/tensor-backend';
import type { StoredVector } from './kept-vector.ts';
import { LOWER_THE_RATE } from './lower-the-rate.ts';

/** What changes from step to step, and is saved for going on: vectors by name, and plain values that survive JSON. */
export interface StepState {
  readonly vectors: Readonly<Record<string, StoredVector>>;
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
  /** Whether the state after the last step is saved too, for what comes next to be interrupted without a loss. */
  readonly savesEnd?: boolean;
  readonly signal: AbortSignal;
  progress(report: ProgressReport): void;
  /**
   * Awaited where so many steps are done, counted from 0, and it is due, before the next one and after the last. Where it
   * throws the state is saved first, and it is asked again when the work goes on.
   */
  readonly between?: {
    due(step: number): boolean;
    run(step: number): Promise<void>;
  };
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
   * Says what came of the step: numbers for progress and metrics. Throws LOSS_NOT_FINITE unless they are finite, and `loss`,
   * what is minimised, and the norm of its gradient.
   */
  readonly report: (values: StepTold['values'], outcome: Omit<StepTold, 'values'>) => void;
  /**
   * Says the same of numbers that a device may still have: the work then throws LOSS_NOT_FINITE, a step later where they
   * were not there yet, and before anything is saved.
   */
  readonly reportLater: (told: Reading<StepTold>) => void;
}

/** What came of a step: numbers for progress and metrics, what is minimised, and the norm of its gradient. */
export interface StepTold {
  readonly values: ProgressReport['values'];
  readonly loss: number;
  readonly gradientNorm: number;
}

/** What a device still has of a step, and who is told of it. */
interface Later {
  readonly reading: Reading<StepTold>;
  readonly tell: (told: StepTold) => void;
}

/** Throws LOSS_NOT_FINITE, with the step and what to do. */
function assertFinite(
  { subject, kind, hint }: StepWork,
  { step, epoch }: Pick<Step, 'step' | 'epoch'>,
  { values, loss, gradientNorm }: StepTold,
): void {
  const bad = Object.entries(values).find(([, value]) => !Number.isFinite(value));
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm) && !bad) return;
  const problem =
    Number.isFinite(loss) && Number.isFinite(gradientNorm)
      ? `has ${bad![0]} ${bad![1]}`
      : `is ${loss} and its gradient's norm ${gradientNorm}`;
  const { learningRate } = values;
  const rate = learningRate === undefined ? '' : `, with learning rate ${learningRate}`;
  throw new WinnowError(
    'LOSS_NOT_FINITE',
    `${subject} ${problem} at ${kind} step ${step} (epoch ${epoch + 1})${rate}.`,
    { hint: hint?.(step) ?? LOWER_THE_RATE },
  );
}

/**
 * A device may lose what is not finite on its way to the loss, so the state itself is looked at. Throws LOSS_NOT_FINITE.
 */
function assertStateFinite(
  { subject, kind, hint }: StepWork,
  step: number,
  arrays: readonly (readonly [string, Float32Array])[],
): void {
  const bad = arrays.find(([, array]) => !array.every(Number.isFinite));
  if (!bad) return;
  throw new WinnowError(
    'LOSS_NOT_FINITE',
    `${subject} is finite, but left its ${bad[0]} not so before ${kind} step ${step}; nothing of it was saved.`,
    { hint: hint?.(step) ?? LOWER_THE_RATE },
  );
}

/** Takes back what was saved; gives its step. Throws CHECKPOINT_MISMATCH where it is no state of this work. */
function restore(
  { state: { vectors, ...state }, first = 0, end }: StepWork,
  { arrays, values }: SavedState,
): number {
  const step = values['step'] as number;
  const own = Object.entries(vectors);
  if (
    !(Number.isInteger(step) && step >= first && step <= end) ||
    own.some(([name, vector]) => arrays[name]?.length !== vector.size)
  ) {
    throw new WinnowError('CHECKPOINT_MISMATCH', 'The checkpoint holds no state of this work.', {
      hint: 'Give each piece of work checkpoints, or a scope of them, of its own.',
    });
  }
  for (const [name, vector] of own) vector.write(arrays[name]!);
  state.restore?.(values);
  return step;
}

/** The blocks of a step, its own and those of its companions, all read ahead. Where a read fails, `beforeError` is awaited first. */
async function* blocksOf(work: StepWork, first: number, beforeError: () => Promise<void>) {
  const { source, order, augmentation, companions = {}, end } = work;
  const own = readAhead(source, order.requests(first, end, augmentation));
  const others = Object.entries(companions).map(
    ([name, { source, requests }]) => [name, readAhead(source, requests(first, end))] as const,
  );
  const readers = [own, ...others.map(([, reader]) => reader)];
  try {
    for (;;) {
      const reads = await Promise.all(readers.map((reader) => reader.next())).catch(
        async (error: unknown) => {
          await beforeError();
          throw error;
        },
      );
      const [block, ...beside] = reads.map(({ value }) => value as ImageBlock);
      if (reads[0]!.done) return;
      yield { block: block!, beside: others.map(([name], i) => [name, beside[i]!] as const) };
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return()));
  }
}

/**
 * The one loop of steps: reads ahead, puts each batch on the device, and after each step tells its progress, lets signals
 * through, and saves the state where that is due. Goes on from what is saved, to the same bits as without the
 * interruption. Throws LOSS_NOT_FINITE; INTERRUPTED, or what a source threw, after the state was saved.
 */
export async function* steps(work: StepWork): AsyncGenerator<Step, void, void> {
  const { order, state, checkpoints, input, first = 0, end } = work;
  const saved = await checkpoints.load();
  let step = saved ? restore(work, saved) : first;
  /** What came of the last step, while the device has it. */
  let open: (Pick<Step, 'step' | 'epoch'> & Later) | undefined;
  const settle = async () => {
    const last = open;
    open = undefined;
    if (!last) return;
    const told = await last.reading.later();
    assertFinite(work, last, told);
    last.tell(told);
  };
  const save = async () => {
    await settle();
    const arrays = Object.entries(state.vectors).map(([name, v]) => [name, v.read()] as const);
    assertStateFinite(work, step, arrays);
    await checkpoints.save({
      arrays: Object.fromEntries(arrays),
      values: { ...state.values?.(), step },
    });
  };
  const pause = async () => {
    if (!work.between?.due(step)) return;
    await settle();
    try {
      await work.between.run(step);
    } catch (error) {
      await save();
      throw error;
    }
  };
  try {
    // A file that cannot be read costs no step: the work goes on from here once it is mended.
    for await (const { block, beside } of blocksOf(work, step, save)) {
      await pause();
      const epoch = order.epochOf(step);
      const batch = toDevice(block, input);
      const companions = Object.fromEntries(
        beside.map(([name, other]) => [name, toDevice(other, input)] as const),
      );
      let found: StepTold | undefined;
      let later: Reading<StepTold> | undefined;
      try {
        yield {
          step,
          epoch,
          batch,
          companions,
          report(values, outcome) {
            found = { values, ...outcome };
            assertFinite(work, { step, epoch }, found);
          },
          reportLater: (told) => (later = told),
        };
      } finally {
        for (const { images, labels } of [batch, ...Object.values(companions)])
          tf.dispose([images, labels]);
      }
      const done = { step: step + 1 - first, steps: end - first, epoch, epochs: work.epochs };
      const tell = (told: StepTold | undefined) => {
        work.progress({ ...done, images: block.labels.length, values: told?.values ?? {} });
      };
      try {
        await settle();
      } finally {
        open = later && { step, epoch, reading: later, tell };
      }
      if (!later) tell(found);
      else if (later.known) await settle();
      step++;
      if (step < end && checkpoints.due()) await save();
      // After what took time, so that a signal which came in the meantime waits for no further step.
      await nextTurn();
      if (work.signal.aborted) {
        await save();
        throw interrupted();
      }
    }
    await settle();
    await pause();
    if (work.savesEnd && !(saved && saved.values['step'] === end)) await save();
  } finally {
    open?.reading.drop();
  }
}
