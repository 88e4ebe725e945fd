import {
  type FloatTensor,
  type HostTensor,
  type Safetensors,
  decodeSafetensors,
  encodeSafetensors,
  expectedTensors,
  safetensorsMetadata,
} from '@winnow/files';
import { type ParameterSpec, type RunPhase, WinnowError } from '@winnow/plugin-api';
import {
  type Scores,
  type Ticket,
  decodeScores,
  decodeTicket,
  encodeScores,
  encodeTicket,
} from '@winnow/tickets';
import type { CheckpointPlace } from '@winnow/training';
import { METRICS, type MetricsRow, readMetrics } from './metrics-log.ts';
import { claimConfigFile, readConfigFile } from './config-file.ts';
import type { Environment } from './environment.ts';
import { type PeakMemory, highest } from './peak-memory.ts';
import type { MultiplyAddsSpent, PhaseProgress, Timings } from './phase.ts';
import { type RunConfig, runIdentity } from './run-config.ts';
import type { RunResult } from './run-result.ts';
import { type RoundFacts, RunRounds } from './run-rounds.ts';
import { startIdentity } from './shared-work.ts';
import type { Speed } from './speed.ts';
import { diskRunStore } from './store/disk-run-store.ts';
import { heldStore } from './store/held-store.ts';
import type { RunStore } from './store/run-store.ts';
import { SealedFiles } from './store/sealed-files.ts';

/** The documents of a run that are safetensors files. */
type TensorDocument = 'start' | 'scores' | 'ticket' | 'weights' | 'frozen';

const fileOf = (document: TensorDocument) => `${document}.safetensors`;

/** Beside the state that is as old, and goes with it. */
const PROGRESS = 'checkpoint/progress.json';

const NO_SECONDS: Timings = { pretrain: 0, search: 0, train: 0, evaluate: 0 };

/** Hashes of what decides a run's numbers, and of what decides its start point. */
interface Identities {
  readonly run: string;
  readonly start: string;
}

const identitiesOf = (config: RunConfig): Identities => ({
  run: runIdentity(config),
  start: startIdentity(config),
});

/** A run, as documents in a store. Each is whole or absent, so what exists is done. */
export class RunFolder {
  readonly store: RunStore;
  readonly #files: SealedFiles;
  readonly rounds: RunRounds;
  /** Of the configuration, once it is known. */
  #identities: Identities | undefined;

  /** A folder on the disk, by its path, or another store. */
  constructor(place: string | RunStore) {
    this.store = typeof place === 'string' ? diskRunStore(place) : place;
    // A start point is of all runs that begin alike, and can be one file of theirs.
    this.#files = new SealedFiles(this.store, async (name) =>
      name === fileOf('start') ? (await this.#known()).start : this.identity(),
    );
    this.rounds = new RunRounds(this.store, this.#files);
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
      read: () => this.#files.readTensors(name),
      write: (bytes) => this.#files.writeTensors(name, bytes),
      remove: () => this.store.remove(name),
    };
  }

  /**
   * Takes the right to write here for some work, which gets the folder to write into. Throws RUN_IN_USE while another process
   * has it, BAD_LOCK, FILE_NOT_WRITABLE.
   */
  async hold<T>(work: (held: RunFolder) => Promise<T>): Promise<T> {
    const lock = await this.store.lock();
    try {
      return await work(new RunFolder(heldStore(this.store, lock)));
    } finally {
      await lock.release();
    }
  }

  /** Which run this is: a hash of what decides its numbers. Throws NOT_A_RUN where there is none, and as `readConfig` does. */
  async identity(): Promise<string> {
    return (await this.#known()).run;
  }

  async #known(): Promise<Identities> {
    if (this.#identities) return this.#identities;
    await this.readConfig();
    if (this.#identities) return this.#identities;
    throw new WinnowError('NOT_A_RUN', `There is no run in ${this.path}.`, {
      hint: 'Give the folder that `winnow run` wrote.',
    });
  }

  /** Throws RUN_VERSION, RUN_EDITED where it is not what the run wrote, BAD_RUN where the file is there but is no run's. */
  async readConfig(): Promise<RunConfig | undefined> {
    const config = await readConfigFile(this.store);
    if (config) this.#identities ??= identitiesOf(config);
    return config;
  }

  /**
   * Makes the folder this configuration's, or checks that it is; returns what to go on with, in which components have the
   * options that they were first given. Throws RUN_FOLDER_TAKEN naming the first option that
   * differs, RUN_EDITED likewise, PLUGIN_CHANGED, OPTIONS_CHANGED, RUN_VERSION, BAD_RUN, FILE_NOT_WRITABLE.
   */
  async claim(config: RunConfig): Promise<RunConfig> {
    const claimed = await claimConfigFile(this.store, config);
    this.#identities = identitiesOf(claimed);
    return claimed;
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
    await this.#files.writeTensors(fileOf(document), encodeSafetensors(tensors, metadata));
  }

  /** Takes the start point of another run, to the bit; where both begin alike, by one file. Throws FILE_NOT_READABLE where that has none. */
  async copyStart(from: RunFolder): Promise<void> {
    const name = fileOf('start');
    const bytes = await from.#bytes('start');
    const isSealedAlike =
      safetensorsMetadata(bytes, from.start).metadata['winnow.run'] === (await this.#known()).start;
    if (isSealedAlike) await this.store.link(name, from.store);
    else await this.#files.writeTensors(name, bytes);
  }

  /** Throws FILE_NOT_READABLE where it is absent, and what `decodeTicket` does. */
  async readTicket(): Promise<Ticket> {
    return decodeTicket(await this.#bytes('ticket'), this.ticket);
  }

  async writeTicket(ticket: Ticket): Promise<void> {
    await this.#files.writeTensors(fileOf('ticket'), encodeTicket(ticket));
  }

  /** Throws FILE_NOT_READABLE where they are absent, and what `decodeScores` does. */
  async readScores(): Promise<Scores> {
    return decodeScores(await this.#bytes('scores'), this.scores);
  }

  async writeScores(scores: Scores): Promise<void> {
    await this.#files.writeTensors(fileOf('scores'), encodeScores(scores));
  }

  /** Every step's numbers so far. Throws BAD_RUN. */
  async readMetrics(): Promise<MetricsRow[]> {
    return readMetrics(this.store, await this.identity());
  }

  /** What the method reached on the way, by round; nothing where it has no rounds of training. */
  readRounds(): Promise<RoundFacts[]> {
    return this.rounds.facts();
  }

  async readTimings(): Promise<Timings> {
    return { ...NO_SECONDS, ...((await this.#files.readJson('timings.json')) as Partial<Timings>) };
  }

  async writeTimings(timings: Timings): Promise<void> {
    await this.#files.writeJson('timings.json', timings);
  }

  /** How far the phase under way is; nothing before its first checkpoint. */
  async readProgress(): Promise<PhaseProgress | undefined> {
    return (await this.#files.readJson(PROGRESS)) as PhaseProgress | undefined;
  }

  async writeProgress(progress: PhaseProgress): Promise<void> {
    await this.#files.writeJson(PROGRESS, progress);
  }

  async removeProgress(): Promise<void> {
    await this.store.remove(PROGRESS);
  }

  async readMultiplyAdds(): Promise<MultiplyAddsSpent> {
    return (await this.#files.readJson('multiply-adds.json')) ?? {};
  }

  async writeMultiplyAdds(phase: RunPhase, count: number | undefined): Promise<void> {
    await this.#files.writeJson('multiply-adds.json', {
      ...(await this.readMultiplyAdds()),
      [phase]: count,
    });
  }

  /** The most memory of the processes of the run so far; nothing where that is not known. */
  async readPeakMemory(): Promise<PeakMemory | undefined> {
    return (await this.#files.readJson('peak-memory.json')) as unknown as PeakMemory | undefined;
  }

  /** Keeps it where it is more than was known. */
  async raisePeakMemory(peak: PeakMemory): Promise<void> {
    const known = await this.readPeakMemory();
    const { bytes, deviceBytes } = highest(peak, known);
    if (bytes !== known?.bytes || deviceBytes !== known.deviceBytes)
      await this.#files.writeJson('peak-memory.json', { bytes, deviceBytes });
  }

  /** What made the numbers, in the order in which it did. */
  async readEnvironments(): Promise<readonly Environment[]> {
    const found = await this.#files.readJson('environments.json');
    return (found?.['environments'] ?? []) as readonly Environment[];
  }

  async writeEnvironments(environments: readonly Environment[]): Promise<void> {
    await this.#files.writeJson('environments.json', { environments }, 2);
  }

  async readSpeed(): Promise<Speed | undefined> {
    return (await this.#files.readJson('speed.json')) as unknown as Speed | undefined;
  }

  async writeSpeed(speed: Speed): Promise<void> {
    await this.#files.writeJson('speed.json', speed, 2);
  }

  /** A document that other commands keep beside the run. Throws as the others do. */
  readBeside(name: string): Promise<unknown> {
    return this.#files.readJson(name);
  }

  async writeBeside(name: string, content: object): Promise<void> {
    await this.#files.writeJson(name, content);
  }

  async readResult(): Promise<RunResult | undefined> {
    return (await this.#files.readJson('result.json')) as unknown as RunResult | undefined;
  }

  async writeResult(result: RunResult): Promise<void> {
    await this.#files.writeJson('result.json', result, 2);
    await this.store.remove('checkpoint');
  }

  async #bytes(document: TensorDocument): Promise<Uint8Array> {
    const bytes = await this.#files.readTensors(fileOf(document));
    if (bytes) return bytes;
    throw new WinnowError('FILE_NOT_READABLE', `There is no ${this.file(fileOf(document))}.`, {
      hint:
        document === 'start' || document === 'ticket'
          ? `\`winnow resume ${this.path} --until ${document}\` makes it again.`
          : 'Repeat the run in another folder, or restore the file.',
    });
  }
}
