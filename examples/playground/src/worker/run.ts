import * as tf from '@tensorflow/tfjs-core';
import { Packing, initialize } from '@winnow/models';
import {
  ComponentRegistry,
  type NamedTensors,
  type Objective,
  type ProgressReport,
} from '@winnow/plugin-api';
import builtIn, { cts, findTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { Ticket, takeCensus } from '@winnow/tickets';
import {
  type EpochDone,
  MemoryCheckpoints,
  evaluate,
  parameterMask,
  train,
  trainUnder,
} from '@winnow/training';
import { stepsToStart } from '../plan.ts';
import { LiveCheckpoints } from './live-mask.ts';
import { type Opened, recipeFor } from './opened.ts';
import type { Phase, SearchEvent, Setting, Trained } from './search-api.ts';
import { tintsOfLogits, tintsOfScores } from './tints.ts';

/** Rows of progress go to the page together, as often as it can draw them. */
const TELL_MS = 60;

/** What is kept of a trained network: all parameters, packed. */
interface Kept {
  readonly parameters: Float32Array;
  readonly ticket?: Ticket;
}

/**
 * One search with the trainings around it. What was done of it stays, so that carrying it out again goes on where it was
 * stopped, to the same bits.
 */
export class Run {
  readonly opened: Opened;
  readonly setting: Setting;
  readonly #own: readonly Objective[];
  readonly #tell: (event: SearchEvent) => void;
  readonly #packing: Packing;
  readonly #prunable: Packing;
  readonly #done = new Map<string, unknown>();
  readonly #checkpoints = new Map<Phase, MemoryCheckpoints>();
  readonly #seconds = new Map<Phase, number>();
  #start: Float32Array | undefined;

  constructor(
    opened: Opened,
    setting: Setting,
    own: readonly Objective[],
    tell: (event: SearchEvent) => void,
  ) {
    this.opened = opened;
    this.setting = setting;
    this.#own = own;
    this.#tell = tell;
    this.#packing = new Packing(opened.network.parameters);
    this.#prunable = Packing.prunable(opened.network);
  }

  /** A network that was trained, once it is. */
  trained(what: Trained): Kept | undefined {
    return this.#done.get(what) as Kept | undefined;
  }

  get ticket(): Ticket | undefined {
    return this.#done.get('search') as Ticket | undefined;
  }

  /** Throws INTERRUPTED once the signal fired and the state is kept, and what training and search throw. */
  async carryOut(signal: AbortSignal): Promise<void> {
    await this.#trainToStart(signal);
    const ticket = await this.#findTicket(signal);
    await this.#trainUnder('ticket', ticket, signal);
    await this.#trainDense(signal);
    const { density, seed } = this.setting;
    const search = { ...this.#searchSetting(), density, seed, signal };
    const drawn = await this.#once('drawn', () =>
      this.#onStart((parameters) => findTicket(methodNamed('random'), { ...search, parameters })),
    );
    await this.#trainUnder('random', drawn, signal);
  }

  async #once<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!this.#done.has(name)) this.#done.set(name, await work());
    return this.#done.get(name) as T;
  }

  #checkpointsOf(phase: Phase, make = () => new MemoryCheckpoints()): MemoryCheckpoints {
    const own = this.#checkpoints.get(phase) ?? make();
    this.#checkpoints.set(phase, own);
    return own;
  }

  /** Times a phase over all its parts, and tells its progress. */
  async #timed<T>(
    phase: Phase,
    work: (progress: (report: ProgressReport) => void) => Promise<T>,
  ): Promise<T> {
    const begun = performance.now();
    let rows: ProgressReport['values'][] = [];
    let latest: ProgressReport | undefined;
    let last = 0;
    const tellRows = () => {
      if (!latest) return;
      const { step, steps } = latest;
      this.#tell({ type: 'progress', phase, step, steps, rows });
      [rows, latest, last] = [[], undefined, performance.now()];
    };
    const progress = (report: ProgressReport) => {
      rows.push(report.values);
      latest = report;
      if (performance.now() - last >= TELL_MS) tellRows();
    };
    try {
      return await work(progress);
    } finally {
      // What was done of it stays, so that what goes on has a row for each step.
      tellRows();
      const before = this.#seconds.get(phase) ?? 0;
      this.#seconds.set(phase, before + (performance.now() - begun) / 1000);
    }
  }

  /** Does work on the parameters at the start point, as tensors. */
  async #onStart<T>(work: (parameters: NamedTensors) => Promise<T>): Promise<T> {
    const parameters = this.#packing.tensors(this.#start!);
    try {
      return await work(parameters);
    } finally {
      tf.dispose(parameters);
    }
  }

  #recipe() {
    return recipeFor(this.opened, this.setting.plan.epochs);
  }

  #searchSetting() {
    const { network, images } = this.opened;
    return {
      ...{ network, train: images.train, validation: images.validation, recipe: this.#recipe() },
      fromEpoch: this.setting.plan.rewindEpochs,
    };
  }

  async #accuracy(parameters: Float32Array, ticket: Ticket | undefined, signal: AbortSignal) {
    const { network, images, batchSize } = this.opened;
    const tensors = this.#packing.tensors(parameters);
    try {
      const mask = ticket && parameterMask(network, ticket.layers);
      const how = { mask, signal };
      return (await evaluate(network, tensors, images.test, batchSize, how)).accuracy;
    } finally {
      tf.dispose(tensors);
    }
  }

  async #tellTrained(
    what: Trained,
    { parameters, ticket }: Kept,
    signal: AbortSignal,
  ): Promise<void> {
    const accuracy = await this.#once(`${what}-accuracy`, () =>
      this.#accuracy(parameters, ticket, signal),
    );
    this.#tell({ type: 'trained', what, accuracy, seconds: this.#seconds.get(what)! });
  }

  /** All weights, from the first epoch or from where the state was saved, up to where `afterEpoch` throws or the end. */
  async #trainWhole(
    phase: 'start' | 'dense',
    signal: AbortSignal,
    afterEpoch?: (done: EpochDone) => Promise<void>,
  ): Promise<Float32Array> {
    const { network, images } = this.opened;
    const { plan } = this.setting;
    const toEnd = (steps: number) => (phase === 'start' ? stepsToStart(steps, plan) : steps);
    const random = randomStreams(this.setting.seed);
    const fresh = initialize(network, random('initialisation'));
    const parameters = this.#packing.pack(fresh);
    tf.dispose(fresh);
    await this.#timed(phase, (progress) =>
      train({
        ...{ network, source: images.train, recipe: this.#recipe(), random, parameters, signal },
        ...{ fromEpoch: 0, toEpoch: plan.epochs, checkpoints: this.#checkpointsOf('dense') },
        progress: (report) => progress({ ...report, steps: toEnd(report.steps) }),
        afterEpoch,
      }),
    );
    return parameters;
  }

  /** The first epochs, after which tickets start; the others of the whole network can wait, as no ticket needs them. */
  async #trainToStart(signal: AbortSignal): Promise<void> {
    const { rewindEpochs } = this.setting.plan;
    const kept = await this.#once('start', async () => {
      let start: Float32Array | undefined;
      const stopThere = ({ epochs, read }: EpochDone) => {
        if (epochs < rewindEpochs) return Promise.resolve();
        start = read().slice();
        return Promise.reject(new Error('The start point.'));
      };
      await this.#trainWhole('start', signal, stopThere).catch((error: unknown) => {
        if (!start) throw error;
      });
      return { parameters: start! };
    });
    this.#start = kept.parameters;
    await this.#tellTrained('start', kept, signal);
  }

  async #trainDense(signal: AbortSignal): Promise<void> {
    const kept = await this.#once('dense', async () => ({
      parameters: await this.#trainWhole('dense', signal),
    }));
    await this.#tellTrained('dense', kept, signal);
  }

  #showLogits(logits: Float32Array): void {
    const { density } = this.setting;
    const ticket = Ticket.keepLargest(this.#prunable.views(logits), density, NOT_TOLD);
    this.#tellMask(ticket, tintsOfLogits(logits, density), false);
  }

  #tellMask(ticket: Ticket, tints: Uint8Array, final: boolean): void {
    const layers = [...ticket.layers].map(([name, { shape }]) => ({ name, shape }));
    const kept = Uint8Array.from(this.#prunable.gather(ticket.layers));
    this.#tell({ type: 'mask', layers, tints, kept, final });
  }

  async #findTicket(signal: AbortSignal): Promise<Ticket> {
    const { network } = this.opened;
    const { method, objective, density, seed, plan } = this.setting;
    const searches = method === cts.name;
    const ticket = await this.#once('search', () =>
      this.#timed('search', (onProgress) =>
        this.#onStart((parameters) =>
          findTicket(methodNamed(method), {
            ...this.#searchSetting(),
            ...{ parameters, density, seed, signal, onProgress, objectives: this.#own },
            checkpoints: this.#checkpointsOf(
              'search',
              () => new LiveCheckpoints((logits) => this.#showLogits(logits)),
            ),
            ...(searches && { objective, options: { searchEpochs: plan.searchEpochs } }),
          }),
        ),
      ),
    );
    const scores = [...ticket.scores!.values()].flatMap(({ data }) => [...data]);
    const tints = searches ? tintsOfLogits(scores, density) : tintsOfScores(scores);
    this.#tellMask(ticket, tints, true);
    const { size, kept, multiplyAdds, bytes, deadOutputs } = takeCensus(ticket, network.parameters);
    const census = { size, kept, multiplyAdds, bytes, deadOutputs };
    const notes = ticket.provenance.notes ?? [];
    this.#tell({ type: 'found', census, seconds: this.#seconds.get('search')!, notes });
    return ticket;
  }

  async #trainUnder(what: 'ticket' | 'random', ticket: Ticket, signal: AbortSignal): Promise<void> {
    const kept = await this.#once(what, () =>
      this.#timed(what, async (onProgress) => {
        const trained = await this.#onStart((parameters) =>
          trainUnder(ticket, {
            ...this.#searchSetting(),
            ...{ parameters, seed: this.setting.seed, signal, onProgress },
            checkpoints: this.#checkpointsOf(what),
          }),
        );
        const parameters = this.#packing.pack(trained);
        tf.dispose(trained);
        return { parameters, ticket };
      }),
    );
    await this.#tellTrained(what, kept, signal);
  }
}

/** Of a mask that is looked at and thrown away. */
const NOT_TOLD = { method: '', density: 0, seed: 0, model: '', weightsHash: '' };

const methods = new ComponentRegistry(builtIn.components);
const methodNamed = (name: string) => methods.get('pruner', name);
