import {
  type FloatTensor,
  type HostTensor,
  type Safetensors,
  decodeSafetensors,
  encodeSafetensors,
  expectedTensors,
} from '@winnow/files';
import {
  type ParameterSpec,
  type PruningRound,
  type RunPhase,
  WinnowError,
} from '@winnow/plugin-api';
import {
  type Scores,
  Ticket,
  decodeScores,
  decodeTicket,
  encodeScores,
  encodeTicket,
} from '@winnow/tickets';
import type { CheckpointPlace } from '@winnow/training';
import { METRICS, type MetricsRow, readMetrics } from './metrics-log.ts';
import type { MultiplyAddsSpent, Timings } from './phase.ts';
import { assertPluginsUnchanged } from './plugin-changes.ts';
import {
  type RunConfig,
  assertComponentsUnchanged,
  firstDifference,
  runConfig,
} from './run-config.ts';
import type { RunResult } from './run-result.ts';
import { diskRunStore } from './store/disk-run-store.ts';
import { readJson, writeJson } from './store/json-document.ts';
import type { RunStore } from './store/run-store.ts';

/** `rounds/NN.json` */
export interface RoundFacts {
  readonly round: number;
  readonly density: number;
  readonly kept: number;
  /** Of the network trained under the round's ticket, a fraction. */
  readonly validationAccuracy: number;
}

/** The documents of a run that are safetensors files. */
type TensorDocument = 'start' | 'scores' | 'ticket' | 'weights' | 'frozen';

const fileOf = (document: TensorDocument) => `${document}.safetensors`;

const NO_SECONDS: Timings = { pretrain: 0, search: 0, train: 0, evaluate: 0 };

/** A run, as documents in a store. Each is whole or absent, so what exists is done. */
export class RunFolder {
  readonly store: RunStore;

  /** A folder on the disk, by its path, or another store. */
  constructor(place: string | RunStore) {
    this.store = typeof place === 'string' ? diskRunStore(place) : place;
  }

  /** Where the run lies; on a disk, as of all the names below, its path. */
  get path(): string {
    return this.store.place();
  }

  file(name: string): string {
    return this.store.place(name);
  }

  get start(): string {
    return this.file(fileOf('start'));
  }
  get ticket(): string {
    return this.file(fileOf('ticket'));
  }
  get scores(): string {
    return this.file(fileOf('scores'));
  }
  get weights(): string {
    return this.file(fileOf('weights'));
  }
  get frozen(): string {
    return this.file(fileOf('frozen'));
  }
  get metrics(): string {
    return this.file(METRICS);
  }

  /** The run in a folder of this one, or around it. */
  at(folder: string): RunFolder {
    return new RunFolder(this.store.at(folder));
  }

  has(document: TensorDocument): Promise<boolean> {
    return this.store.has(fileOf(document));
  }

  /** Where the state of a phase under way lies. */
  checkpoint(phase: RunPhase): CheckpointPlace {
    const name = `checkpoint/${phase}.safetensors`;
    return {
      source: this.file(name),
      read: () => this.store.read(name),
      write: (bytes) => this.store.write(name, bytes),
      remove: () => this.store.remove(name),
    };
  }

  /** Throws BAD_RUN where the file is there but is no run's. */
  async readConfig(): Promise<RunConfig | undefined> {
    const found = await readJson(this.store, 'config.json');
    if (found === undefined) return undefined;
    const parsed = runConfig.safeParse(found);
    if (parsed.success) return parsed.data;
    throw new WinnowError(
      'BAD_RUN',
      `${this.file('config.json')} is not the configuration of a run of this version.`,
      { hint: 'Choose another --out.' },
    );
  }

  /**
   * Makes the folder this configuration's, or checks that it is; returns what to go on with, in which components have the
   * options that they were first given. Throws RUN_FOLDER_TAKEN naming the first option that
   * differs, PLUGIN_CHANGED, OPTIONS_CHANGED, BAD_RUN, FILE_NOT_WRITABLE.
   */
  async claim(config: RunConfig): Promise<RunConfig> {
    const existing = await this.readConfig();
    if (!existing) {
      await writeJson(this.store, 'config.json', config, 2);
      return config;
    }
    assertPluginsUnchanged(existing, config.plugins, this.path);
    const difference = firstDifference(existing, config);
    if (!difference) {
      const { method, objective, model } = existing;
      return { ...config, method, ...(objective && { objective }), model };
    }
    assertComponentsUnchanged(existing, config);
    const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';
    throw new WinnowError(
      'RUN_FOLDER_TAKEN',
      `${this.path} holds a run with ${difference.path} = ${show(difference.before)}, and now it is ${show(difference.now)}.`,
      { hint: 'Choose another --out, or give the same options to go on with that run.' },
    );
  }

  /** Throws FILE_NOT_READABLE where it is absent, BAD_SAFETENSORS. */
  async readTensors(document: 'start' | 'weights' | 'frozen'): Promise<Safetensors> {
    return decodeSafetensors(await this.#bytes(document), this.file(fileOf(document)));
  }

  /** What is expected of it, in float32. Throws WEIGHTS_MISMATCH too. */
  async readFloats(
    document: 'start' | 'weights',
    expected: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  ): Promise<Map<string, FloatTensor>> {
    return expectedTensors(await this.readTensors(document), expected, this.file(fileOf(document)));
  }

  async writeTensors(
    document: 'start' | 'weights' | 'frozen',
    tensors: Iterable<readonly [string, HostTensor]>,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.store.write(fileOf(document), encodeSafetensors(tensors, metadata));
  }

  /** Takes the start point of another run, to the bit. Throws FILE_NOT_READABLE where that has none. */
  async copyStart(from: RunFolder): Promise<void> {
    await this.store.write(fileOf('start'), await from.#bytes('start'));
  }

  /** Throws FILE_NOT_READABLE where it is absent, and what `decodeTicket` does. */
  async readTicket(): Promise<Ticket> {
    return decodeTicket(await this.#bytes('ticket'), this.ticket);
  }

  async writeTicket(ticket: Ticket): Promise<void> {
    await this.store.write(fileOf('ticket'), encodeTicket(ticket));
  }

  /** Throws FILE_NOT_READABLE where they are absent, and what `decodeScores` does. */
  async readScores(): Promise<Scores> {
    return decodeScores(await this.#bytes('scores'), this.scores);
  }

  async writeScores(scores: Scores): Promise<void> {
    await this.store.write(fileOf('scores'), encodeScores(scores));
  }

  /** Every step's numbers so far. Throws BAD_RUN. */
  readMetrics(): Promise<MetricsRow[]> {
    return readMetrics(this.store);
  }

  /** A ticket on the way to the run's, and what it reached; the facts come last, so that what exists is whole. */
  async writeRound({ round, ticket, validationAccuracy }: PruningRound): Promise<RoundFacts> {
    const name = `rounds/${String(round).padStart(2, '0')}`;
    const { density, kept } = new Ticket(ticket);
    await this.store.write(`${name}.safetensors`, encodeTicket(ticket));
    const facts: RoundFacts = { round, density, kept, validationAccuracy };
    await writeJson(this.store, `${name}.json`, facts);
    return facts;
  }

  /** What the method reached on the way, by round; nothing where it has no rounds of training. */
  async readRounds(): Promise<RoundFacts[]> {
    const names = (await this.store.list('rounds')).filter((name) => name.endsWith('.json'));
    const rounds = await Promise.all(names.map((name) => readJson(this.store, `rounds/${name}`)));
    return (rounds as RoundFacts[]).sort((a, b) => a.round - b.round);
  }

  async readTimings(): Promise<Timings> {
    return { ...NO_SECONDS, ...((await readJson(this.store, 'timings.json')) as Partial<Timings>) };
  }

  async writeTimings(timings: Timings): Promise<void> {
    await writeJson(this.store, 'timings.json', timings);
  }

  async readMultiplyAdds(): Promise<MultiplyAddsSpent> {
    return (await readJson(this.store, 'multiply-adds.json')) ?? {};
  }

  async writeMultiplyAdds(phase: RunPhase, count: number | undefined): Promise<void> {
    await writeJson(this.store, 'multiply-adds.json', {
      ...(await this.readMultiplyAdds()),
      [phase]: count,
    });
  }

  async readResult(): Promise<RunResult | undefined> {
    return (await readJson(this.store, 'result.json')) as RunResult | undefined;
  }

  async writeResult(result: RunResult): Promise<void> {
    await writeJson(this.store, 'result.json', result, 2);
    await this.store.remove('checkpoint');
  }

  async #bytes(document: TensorDocument): Promise<Uint8Array> {
    const bytes = await this.store.read(fileOf(document));
    if (bytes) return bytes;
    throw new WinnowError('FILE_NOT_READABLE', `There is no ${this.file(fileOf(document))}.`, {
      hint: 'Repeat the run in another folder, or restore the file.',
    });
  }
}
