import { Packing } from '@winnow/models';
import type {
  ComponentRegistry,
  Dataset,
  Network,
  RandomStreams,
  RunEvent,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import type { PhaseSetting } from '../phase-runner.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import { buildNetwork } from '../run-network.ts';

export interface RunSetting extends PhaseSetting {
  readonly registry: ComponentRegistry;
  /** Opened already, so that bad data is found before a folder is made. */
  readonly dataset: Dataset;
  readonly signal: AbortSignal;
}

/** What every step of a run works with. A step returns at once if what it makes exists, so resuming needs no code of its own. */
export interface OngoingRun {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly setting: RunSetting;
  readonly network: Network;
  /** All its parameters. */
  readonly packing: Packing;
  readonly random: RandomStreams;
  tell(event: RunEvent): void;
}

export function ongoingRun(config: RunConfig, folder: RunFolder, setting: RunSetting): OngoingRun {
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
