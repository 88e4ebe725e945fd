import { sha256 } from '@winnow/files';
import { type RandomStreams, WinnowError } from '@winnow/plugin-api';
import { type Scores, Ticket } from '@winnow/tickets';

/** Of the run whose ticket is altered. */
export interface TicketedRun {
  readonly path: string;
  /** Whether the scores are there that its ticket was made of. */
  has(document: 'scores'): Promise<boolean>;
  readScores(): Promise<Scores>;
}

/** What an altered ticket is made with. */
export interface AlterationSetting {
  readonly run: TicketedRun;
  /** The weights that the altered ticket will train on. */
  readonly start: Float32Array;
  readonly random: RandomStreams;
}

/** What a run says of the weights that it trains from. */
interface StartedFrom {
  readonly start: 'init' | 'rewind';
  /** There where a trained network was fine-tuned. */
  readonly fineTune?: object;
}

/** A sanity check: what it does to a ticket, and to what the ticket is for. */
export interface AblationRow {
  /** How a ticket is called that it was done to. */
  readonly done: string;
  /** The stream that the weights at the start are drawn from; where there is none, they are the run's. */
  readonly freshWeights?: string;
  /** Why it can be made of no ticket with such a start, if it cannot. */
  whyNever?(config: StartedFrom): string | undefined;
  /** Why the ticket that a run has cannot be altered so, if it cannot. */
  whyNot?(run: TicketedRun): Promise<WinnowError | undefined>;
  alter(ticket: Ticket, setting: AlterationSetting): Ticket | Promise<Ticket>;
}

const shuffle: AblationRow = {
  done: 'shuffled',
  alter: (ticket, { random }) => ticket.shuffled(random('ticket-shuffling')),
};

const invert: AblationRow = {
  done: 'inverted',
  async whyNot(run) {
    if (await run.has('scores')) return undefined;
    return new WinnowError('NO_SCORES', `${run.path} has no scores to invert its ticket by.`, {
      hint: `Methods that prune in several rounds leave none. Where they were removed, as by \`keep\` of a study, remove ticket.safetensors too, and \`winnow resume ${run.path} --until ticket\` finds both again.`,
    });
  },
  alter: async (ticket, { run }) => ticket.inverted(await run.readScores()),
};

const reinitialise: AblationRow = {
  done: 'reinitialised',
  freshWeights: 'reinitialisation',
  whyNever({ start, fineTune }) {
    const until = start === 'rewind' ? 'up to the rewind point' : fineTune ? 'before' : undefined;
    return (
      until &&
      `the ticket is for weights that were trained ${until}, and there are no fresh ones of that kind`
    );
  },
  alter(ticket, { start }) {
    const notes = [...(ticket.provenance.notes ?? []), 'found on other weights'];
    const provenance = { ...ticket.provenance, weightsHash: sha256(start), notes };
    return new Ticket({ ...ticket, provenance });
  },
};

const rows = { shuffle, invert, reinitialise };

export type Ablation = keyof typeof rows;

/** The sanity checks (Frankle et al., arXiv 2009.08576; arXiv 2512.07142, Figures 4 and 5), in the order in which they are told. */
export const ABLATIONS: Readonly<Record<Ablation, AblationRow>> = rows;

export const ABLATION_NAMES = Object.keys(rows) as Ablation[];
