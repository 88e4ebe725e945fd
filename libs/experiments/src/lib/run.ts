import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ComponentRegistry,
  type Dataset,
  type ImageSource,
  type NamedTensors,
  type Network,
  WinnowError,
} from '@winnow/plugin-api';
import { sha256, writeSafetensors } from '@winnow/files';
import { Packing, initialize, readTensors } from '@winnow/models';
import { findTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { type Ticket, readTicket, takeCensus, writeScores, writeTicket } from '@winnow/tickets';
import { evaluate, parameterMask, train } from '@winnow/training';
import { ablatedRun, ablatedTicket, copyStart } from './ablation.ts';
import { ABLATIONS } from './ablations.ts';
import { type PhaseSetting, runPhase } from './phase-runner.ts';
import { DENSE, type RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork, everyWeight } from './run-network.ts';
import { type RunResult, type SearchResult, searchResult } from './run-result.ts';
import { assertMadeFor } from './run-ticket.ts';
import { copyStartWeights } from './start-weights.ts';
import { FOLLOWS_OBJECTIVE, tryObjective } from './try-objective.ts';

export interface RunSetting extends PhaseSetting {
  readonly registry: ComponentRegistry;
  /** Opened already, so that bad data is found before a folder is made. */
  readonly dataset: Dataset;
  readonly signal: AbortSignal;
}

/** A run under way: each step returns at once if what it makes exists, so resuming needs no code of its own. */
class Run {
  readonly #config: RunConfig;
  readonly #folder: RunFolder;
  readonly #setting: RunSetting;
  readonly #network: Network;
  readonly #packing: Packing;

  constructor(config: RunConfig, folder: RunFolder, setting: RunSetting) {
    this.#config = config;
    this.#folder = folder;
    this.#setting = setting;
    this.#network = buildNetwork(config, setting.registry);
    this.#packing = new Packing(this.#network.parameters);
  }

  get #random() {
    return randomStreams(this.#config.seed);
  }

  async #parameters(path: string): Promise<Float32Array> {
    const tensors = await readTensors(path, this.#network.parameters);
    const packed = this.#packing.pack(tensors);
    tf.dispose(tensors);
    return packed;
  }

  async #accuracy(parameters: Float32Array, source: ImageSource) {
    const tensors = this.#packing.tensors(parameters);
    const result = await evaluate(this.#network, tensors, source, this.#config.recipe.batchSize);
    tf.dispose(tensors);
    return result;
  }

  async #train(
    phase: 'pretrain' | 'train',
    into: string,
    parameters: Float32Array,
    mask: Uint8Array | undefined,
    [fromEpoch, toEpoch]: [number, number],
  ): Promise<void> {
    const { recipe } = this.#config;
    const { signal, dataset } = this.#setting;
    const { finish } = await runPhase(this.#folder, phase, this.#setting, (tools) =>
      train({
        network: this.#network,
        source: dataset.train,
        recipe,
        random: this.#random,
        parameters,
        mask,
        fromEpoch,
        toEpoch,
        signal,
        ...tools,
      }),
    );
    await writeSafetensors(into, this.#packing.views(parameters));
    await finish();
  }

  /** The parameters at the start point: given, fresh, or after the epochs of dense training before a rewind start. */
  async start(): Promise<Float32Array> {
    const { start } = this.#folder;
    const { ablation, startWeights } = this.#config;
    if (existsSync(start)) return this.#parameters(start);
    const stream = ablation ? ABLATIONS[ablation].freshWeights : 'initialisation';
    if (stream === undefined) {
      await copyStart(await ablatedRun(this.#folder, this.#config), this.#folder);
    } else if (startWeights && !ablation) {
      await copyStartWeights(startWeights, this.#network, start);
    } else {
      const fresh = initialize(this.#network, this.#random(stream));
      const parameters = this.#packing.pack(fresh);
      await this.#tryObjective(fresh).finally(() => tf.dispose(fresh));
      await this.#train('pretrain', start, parameters, undefined, [0, this.#config.rewindEpochs]);
    }
    return this.#parameters(start);
  }

  async #tryObjective(parameters: NamedTensors): Promise<void> {
    const { method, methodOptions, ablation, recipe } = this.#config;
    if (ablation || !FOLLOWS_OBJECTIVE.has(method)) return;
    const { registry, dataset } = this.#setting;
    await tryObjective(registry.get('objective', methodOptions['objective'] as string), {
      network: this.#network,
      parameters,
      train: dataset.train,
      batchSize: recipe.batchSize,
      random: this.#random('objective-trial'),
    });
  }

  #checked(ticket: Ticket, weightsHash: string): Ticket {
    assertMadeFor(ticket, this.#network, this.#config, weightsHash, this.#folder.ticket);
    return ticket;
  }

  async ticket(start: Float32Array): Promise<Ticket> {
    const { ticket: path } = this.#folder;
    const { ablation } = this.#config;
    const weightsHash = sha256(start);
    if (existsSync(path)) return this.#checked(await readTicket(path), weightsHash);
    if (!ablation) return this.#search(start, weightsHash);
    const run = await ablatedRun(this.#folder, this.#config);
    const ticket = await ablatedTicket(ablation, run, start, this.#random);
    await writeTicket(path, this.#checked(ticket, weightsHash));
    return ticket;
  }

  async #search(start: Float32Array, weightsHash: string): Promise<Ticket> {
    const { registry, signal, dataset } = this.#setting;
    const { density, seed, recipe, rewindEpochs, method, methodOptions } = this.#config;
    const parameters = this.#packing.tensors(start);
    const { value, finish } = await runPhase(
      this.#folder,
      'search',
      this.#setting,
      ({ checkpoints, progress }) =>
        findTicket(registry.get('pruner', method), {
          network: this.#network,
          parameters,
          train: dataset.train,
          validation: dataset.validation,
          density,
          seed,
          recipe,
          fromEpoch: rewindEpochs,
          options: methodOptions,
          objectives: registry.all('objective'),
          onRound: (round) => this.#folder.writeRound(round),
          onProgress: progress,
          checkpoints,
          signal,
        }),
    );
    tf.dispose(parameters);
    const ticket = this.#checked(value, weightsHash);
    if (ticket.scores) await writeScores(this.#folder.scores, ticket.scores);
    await writeTicket(this.#folder.ticket, ticket);
    await finish();
    return ticket;
  }

  async searchResult(): Promise<SearchResult> {
    const ticket = await this.ticket(await this.start());
    return searchResult(this.#config, this.#folder, ticket);
  }

  async result(): Promise<RunResult> {
    const { dataset } = this.#setting;
    const config = this.#config;
    const start = await this.start();
    const ticket = config.method === DENSE ? undefined : await this.ticket(start);
    const mask = ticket && parameterMask(this.#network, ticket.layers);
    const { weights } = this.#folder;
    if (!existsSync(weights)) {
      const epochs: [number, number] = [config.rewindEpochs, config.recipe.epochs];
      await this.#train('train', weights, start.slice(), mask, epochs);
    }
    const untrained = mask ? start.map((x, i) => (mask[i] ? x : 0)) : start;
    const before = await this.#accuracy(untrained, dataset.validation);
    const trained = await this.#parameters(weights);
    const validation = await this.#accuracy(trained, dataset.validation);
    const test = await this.#accuracy(trained, dataset.test);
    const whole = ticket ?? everyWeight(this.#network, config.seed);
    const { multiplyAdds, bytes } = takeCensus(whole, this.#network.parameters);
    const { minutes, multiplyAddsSpent, ...found } = await searchResult(
      config,
      this.#folder,
      whole,
    );
    const { train: seconds } = await this.#folder.readTimings();
    const result: RunResult = {
      ...found,
      multiplyAdds,
      bytes,
      testAccuracy: test.accuracy,
      testLoss: test.loss,
      testExamples: test.examples,
      validationAccuracy: validation.accuracy,
      accuracyBeforeTraining: before.accuracy,
      minutes: { ...minutes, train: seconds / 60 },
      multiplyAddsSpent,
    };
    await this.#folder.writeResult(result);
    return result;
  }
}

/**
 * Finds a ticket and trains it, in a folder: dense training up to the start point, the search, training under the ticket,
 * evaluation. A finished run returns its result; an interrupted one goes on, to the same bits as if it had never stopped.
 * Throws what its parts throw; INTERRUPTED once the signal fired and the state was saved.
 */
export async function runExperiment(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<RunResult> {
  const run = new Run(config, folder, setting);
  await folder.claim(config);
  return (await folder.readResult()) ?? run.result();
}

/**
 * The part of `runExperiment` that finds the ticket; a run that has one tells of it. Throws what its parts throw;
 * INVALID_OPTION for a dense run, which has none.
 */
export async function runSearch(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<SearchResult> {
  if (config.method === DENSE) {
    throw new WinnowError('INVALID_OPTION', 'A dense run finds no ticket.', {
      hint: 'Choose a method that prunes and a density below 1.',
    });
  }
  const run = new Run(config, folder, setting);
  await folder.claim(config);
  return run.searchResult();
}
