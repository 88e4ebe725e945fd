import type { PruningRound } from '@winnow/plugin-api';
import { Ticket, decodeTicket, encodeTicket } from '@winnow/tickets';
import type { RunStore } from './store/run-store.ts';
import type { SealedFiles } from './store/sealed-files.ts';

/** `rounds/NN.json` */
export interface RoundFacts {
  readonly round: number;
  readonly density: number;
  readonly kept: number;
  /** Of the network trained under the round's ticket, a fraction. */
  readonly validationAccuracy: number;
}

/** What a search has cost up to the end of a round. */
export interface RoundCost {
  readonly searchMinutes: number;
  readonly searchMultiplyAdds: number;
}

export interface KeptRound extends RoundFacts, RoundCost {
  readonly ticket: Ticket;
}

const nameOf = (round: number) => `rounds/${String(round).padStart(2, '0')}`;

/** The tickets on the way to a run's, each with what it reached; the facts come last, so that what exists is whole. */
export class RunRounds {
  readonly #store: RunStore;
  readonly #files: SealedFiles;

  constructor(store: RunStore, files: SealedFiles) {
    this.#store = store;
    this.#files = files;
  }

  async write(
    { round, ticket, validationAccuracy }: PruningRound,
    cost: RoundCost,
  ): Promise<RoundFacts> {
    const { density, kept } = new Ticket(ticket);
    await this.#files.writeTensors(`${nameOf(round)}.safetensors`, encodeTicket(ticket));
    const facts: RoundFacts = { round, density, kept, validationAccuracy };
    await this.#files.writeJson(`${nameOf(round)}.json`, { ...facts, ...cost });
    return facts;
  }

  /** By round; nothing where the method has no rounds of training. */
  async facts(): Promise<RoundFacts[]> {
    const names = (await this.#store.list('rounds')).filter((name) => name.endsWith('.json'));
    const rounds = await Promise.all(names.map((name) => this.#files.readJson(`rounds/${name}`)));
    return (rounds as unknown as KeptRound[])
      .map(({ round, density, kept, validationAccuracy }) => {
        return { round, density, kept, validationAccuracy };
      })
      .sort((a, b) => a.round - b.round);
  }

  /** Nothing where there is none yet, or where it was kept without its cost, as rounds once were. */
  async read(round: number): Promise<KeptRound | undefined> {
    const facts = (await this.#files.readJson(`${nameOf(round)}.json`)) as KeptRound | undefined;
    const file = `${nameOf(round)}.safetensors`;
    const bytes = await this.#files.readTensors(file);
    if (!bytes || facts?.searchMultiplyAdds === undefined) return undefined;
    return { ...facts, ticket: decodeTicket(bytes, this.#store.place(file)) };
  }
}
