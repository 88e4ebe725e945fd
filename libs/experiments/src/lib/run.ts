import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ComponentRegistry,
  type Dataset,
  type ImageSource,
  type Network,
  WinnowError,
} from '@winnow/plugin-api';
import { sha256 } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { Packing, initialize } from '@winnow/models';
import { readTensors } from '@winnow/models/files';
import { searchTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { Budget, type Ticket, takeCensus } from '@winnow/tickets';
import { readTicket, writeScores, writeTicket } from '@winnow/tickets/files';
import { evaluate, parameterMask, train } from '@winnow/training';
import { ablatedRun, ablatedTicket, copyStart } from './ablation.ts';
import { ABLATIONS } from './ablations.ts';
import { type PhaseSetting, runPhase } from './phase-runner.ts';
import { prepareRun } from './prepare-run.ts';
import { recallComponent } from './recorded-component.ts';
import { DENSE, type RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork, everyWeight } from './run-network.ts';
import { type RunResult, type SearchResult, searchResult } from './run-result.ts';
import { assertMadeFor } from './run-ticket.ts';
import { copyStartWeights } from './start-weights.ts';

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
      tf.dispose(fresh);
      await this.#train('pretrain', start, parameters, undefined, [0, this.#config.rewindEpochs]);
    }
    return this.#parameters(start);
  }

  #checked(ticket: Ticket, weightsHash: string): Ticket {
    assertMadeFor(ticket, this.#network, this.#config, weightsHash, this.#folder.ticket);
    return ticket;
  }

  /** The run's ticket: found, or made of another run's; of a dense run none. */
  async ticket(start: Float32Array): Promise<Ticket | undefined> {
    const { ticket: path } = this.#folder;
    const { ablation, method } = this.#config;
    if (method.name === DENSE) return undefined;
    const weightsHash = sha256(start);
    if (existsSync(path)) return this.#checked(await readTicket(path), weightsHash);
    if (!ablation) return this.#search(start);
    const run = await ablatedRun(this.#folder, this.#config);
    const ticket = await ablatedTicket(ablation, run, start, this.#random);
    await writeTicket(path, this.#checked(ticket, weightsHash));
    return ticket;
  }

  async #search(start: Float32Array): Promise<Ticket> {
    const { registry, signal, dataset } = this.#setting;
    const { density, layerDensities, seed, recipe, rewindEpochs, method, objective } = this.#config;
    const pruner = recallComponent('pruner', method, registry);
    const parameters = this.#packing.tensors(start);
    const { value: ticket, finish } = await runPhase(
      this.#folder,
      'search',
      this.#setting,
      ({ checkpoints, progress }) =>
        searchTicket(pruner, {
          network: this.#network,
          parameters,
          train: dataset.train,
          validation: dataset.validation,
          budget: Budget.of(this.#network, density, layerDensities),
          seed,
          recipe,
          fromEpoch: rewindEpochs,
          options: method.given,
          objective: objective && recallComponent('objective', objective, registry),
          onRound: (round) => this.#folder.writeRound(round),
          onProgress: progress,
          checkpoints,
          signal,
        }),
    );
    tf.dispose(parameters);
    if (ticket.scores) await writeScores(this.#folder.scores, ticket.scores);
    await writeTicket(this.#folder.ticket, ticket);
    await finish();
    return ticket;
  }

  /** The parameters after the training from the start point to the end. */
  async weights(start: Float32Array, mask: Uint8Array | undefined): Promise<Float32Array> {
    const { weights } = this.#folder;
    const { rewindEpochs, recipe } = this.#config;
    if (!existsSync(weights))
      await this.#train('train', weights, start.slice(), mask, [rewindEpochs, recipe.epochs]);
    return this.#parameters(weights);
  }

  async searchResult(): Promise<SearchResult> {
    const ticket = await this.ticket(await this.start());
    return searchResult(this.#config, this.#folder, ticket!);
  }

  async result(): Promise<RunResult> {
    const { validation, test } = this.#setting.dataset;
    const start = await this.start();
    const ticket = await this.ticket(start);
    const mask = ticket && parameterMask(this.#network, ticket.layers);
    const weights = await this.weights(start, mask);
    const untrained = mask ? start.map((x, i) => (mask[i] ? x : 0)) : start;
    const before = await this.#accuracy(untrained, validation);
    const validated = await this.#accuracy(weights, validation);
    const tested = await this.#accuracy(weights, test);
    const whole = ticket ?? everyWeight(this.#network, this.#config.seed);
    const { multiplyAdds, bytes } = takeCensus(whole, this.#network.parameters);
    const found = await searchResult(this.#config, this.#folder, whole);
    const { minutes, multiplyAddsSpent, ...facts } = found;
    const { train: seconds } = await this.#folder.readTimings();
    const result: RunResult = {
      ...facts,
      multiplyAdds,
      bytes,
      testAccuracy: tested.accuracy,
      testLoss: tested.loss,
      testExamples: tested.examples,
      validationAccuracy: validated.accuracy,
      accuracyBeforeTraining: before.accuracy,
      minutes: { ...minutes, train: seconds / 60 },
      multiplyAddsSpent,
    };
    await this.#folder.writeResult(result);
    return result;
  }
}

/** Refuses what cannot be run before anything is written, and takes the folder. */
async function begin(config: RunConfig, folder: RunFolder, setting: RunSetting): Promise<Run> {
  await prepareRun(config, folder, setting);
  return new Run(await folder.claim(config), folder, setting);
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
  const run = await begin(config, folder, setting);
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
  if (config.method.name === DENSE) {
    throw new WinnowError('INVALID_OPTION', 'A dense run finds no ticket.', {
      hint: 'Choose a method that prunes and a density below 1.',
    });
  }
  return (await begin(config, folder, setting)).searchResult();
}
