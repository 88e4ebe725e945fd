import type { Network, RunOutcome } from '@winnow/plugin-api';
import type { MultiplyAdds, StoredBytes, Ticket } from '@winnow/tickets';
import type { Ablation } from './ablations.ts';
import type { Environment } from './environment.ts';
import type { MultiplyAddsSpent, Timings } from './phase.ts';
import type { Roads } from './roads.ts';
import type { FineTune } from './fine-tune.ts';
import type { RunConfig } from './run-config.ts';
import { ticketNotes } from './ticket-notes.ts';

/** What a run that has its ticket says. */
export interface SearchResult {
  readonly method: string;
  readonly objective?: string;
  /** What a sanity check made of the ticket. */
  readonly ablation?: Ablation;
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  readonly start: 'init' | 'rewind';
  readonly rewindEpochs: number;
  readonly epochs: number;
  readonly backend: string;
  /** What made the numbers; several where a run was gone on with on another instruction set, or by another version. */
  readonly environments: readonly Environment[];
  /** The density asked for; the one reached is kept / size. */
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  /** What is to be said of its ticket, such as that the search had not settled; runs of before it was recorded have none. */
  readonly notes?: readonly string[];
  readonly minutes: { readonly pretrain: number; readonly search: number };
  readonly multiplyAddsSpent: MultiplyAddsSpent;
}

/** What a finished run says: `result.json`. */
export interface RunResult extends SearchResult, RunOutcome {
  /** For one image. */
  readonly multiplyAdds: MultiplyAdds;
  readonly bytes: StoredBytes;
  readonly testExamples: number;
  /** Mean cross-entropy in nats; runs of before it was recorded have none. */
  readonly validationLoss?: number;
  /** The most memory that a process of the run has had resident; nothing where nobody looked. */
  readonly peakMemoryBytes?: number;
  /** The most that tensors have taken on a backend's device; nothing where it has none. */
  readonly peakDeviceBytes?: number;
  /** In place of what the recipe had left after the start point. */
  readonly fineTune?: FineTune;
  /** Runs of before there were programs do not say it: they took ops. */
  readonly roads?: Roads;
  /** Runs of before evaluation was a phase have no minutes of it. */
  readonly minutes: RunOutcome['minutes'] & { readonly evaluate?: number };
}

/** What tells how a run went so far: its folder. */
interface Record {
  readEnvironments(): Promise<readonly Environment[]>;
  readTimings(): Promise<Timings>;
  readMultiplyAdds(): Promise<MultiplyAddsSpent>;
}

/** What is known of a run once there is a ticket. */
export async function searchResult(
  config: RunConfig,
  record: Record,
  network: Network,
  ticket: Ticket,
): Promise<SearchResult> {
  const { kept, size } = ticket;
  const { objective } = ticket.provenance;
  const notes = ticketNotes(config, network, ticket);
  const seconds = await record.readTimings();
  // A finished run knows those of later phases too.
  const { pretrain, search } = await record.readMultiplyAdds();
  return {
    method: config.method.name,
    ...(objective === undefined ? {} : { objective }),
    ...(config.ablation ? { ablation: config.ablation } : {}),
    model: config.model.name,
    dataset: config.dataset.name,
    seed: config.seed,
    start: config.start,
    rewindEpochs: config.rewindEpochs,
    epochs: config.recipe.epochs,
    backend: config.backend,
    environments: await record.readEnvironments(),
    density: config.density,
    kept,
    size,
    ...(notes.length > 0 && { notes }),
    minutes: { pretrain: seconds.pretrain / 60, search: seconds.search / 60 },
    multiplyAddsSpent: {
      ...(pretrain !== undefined && { pretrain }),
      ...(search !== undefined && { search }),
    },
  };
}
