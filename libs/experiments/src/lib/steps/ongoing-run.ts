import { Packing } from '@winnow/models';
import type {
  ComponentRegistry,
  Dataset,
  Network,
  ObservedRun,
  RandomStreams,
  RunEvent,
  RunObserver,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import type { PhaseSetting } from '../phase-runner.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import { buildNetwork } from '../run-network.ts';

export interface RunSetting extends Omit<PhaseSetting, 'observer'> {
  readonly registry: ComponentRegistry;
  /** Opened already, so that bad data is found before a folder is made. */
  readonly dataset: Dataset;
  readonly signal: AbortSignal;
  /** What computes from here on; the backend that the run was planned for when left out. */
  readonly backend?: string | undefined;
  /**
   * Begins to watch, once the folder is the run's. What an observer throws ends the run; `observeAll` keeps that from it.
   */
  readonly observe?: ((run: ObservedRun) => Promise<RunObserver>) | undefined;
}

/** What every step of a run works with. A step returns at once if what it makes exists, so resuming needs no code of its own. */
export interface OngoingRun {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly setting: RunSetting & PhaseSetting;
  readonly network: Network;
  /** All its parameters. */
  readonly packing: Packing;
  readonly random: RandomStreams;
  readonly tell: (event: RunEvent) => void;
}

export function ongoingRun(
  config: RunConfig,
  folder: RunFolder,
  setting: OngoingRun['setting'],
): OngoingRun {
  const network = buildNetwork(config, setting.registry);
  return {
    config,
    folder,
    setting,
    network,
    packing: new Packing(network.parameters),
    random: randomStreams(config.seed),
    tell: (event) => setting.observer?.on(event),
  };
}
