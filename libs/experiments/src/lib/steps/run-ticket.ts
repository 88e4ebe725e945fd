import * as tf from '@tensorflow/tfjs-core';
import { sha256 } from '@winnow/files';
import { DENSE, WinnowError } from '@winnow/plugin-api';
import { searchTicket } from '@winnow/pruners';
import { Budget, type Ticket, assertFits } from '@winnow/tickets';
import { ablatedRun, ablatedTicket } from '../ablation.ts';
import type { Ablation } from '../ablations.ts';
import { runPhase } from '../phase-runner.ts';
import { recallComponent } from '../recorded-component.ts';
import { ticketNotes } from '../ticket-notes.ts';
import type { OngoingRun } from './ongoing-run.ts';
import { takeSearchRoad } from './take-roads.ts';
import { takeTicket } from './take-shares.ts';
import { tellRounds, tellTicket } from './tell-found.ts';

/** Throws TICKET_MISMATCH or BAD_TICKET where a ticket is not for the run's network, density and start. */
function assertMadeFor(
  { config, folder, network }: OngoingRun,
  ticket: Ticket,
  start: Float32Array,
): void {
  assertFits(ticket, network);
  const { density, layerDensities } = config;
  const missed = Budget.of(network, density, layerDensities).missedBy(ticket.counts);
  const hint = `Remove ${folder.ticket} to search again.`;
  if (missed) throw new WinnowError('BAD_TICKET', `The ticket keeps ${missed}.`, { hint });
  if (ticket.provenance.weightsHash !== sha256(start)) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      'The ticket was found on other weights than this start point.',
      { hint },
    );
  }
}

async function search(run: OngoingRun, start: Float32Array): Promise<Ticket> {
  const { config, folder, setting, network, packing } = run;
  const { registry, signal, dataset } = setting;
  const { density, layerDensities, seed, recipe, rewindEpochs, method, objective } = config;
  const pruner = recallComponent('pruner', method, registry);
  await takeSearchRoad(run);
  const assertOwn = (ticket: Ticket) => assertMadeFor(run, ticket, start);
  const shared = await takeTicket(run, sha256(start), assertOwn);
  if (shared) return shared;
  const before = await tellRounds(folder, run.tell);
  const parameters = packing.tensors(start);
  const { value: ticket, finish } = await runPhase(
    folder,
    'search',
    setting,
    ({ checkpoints, progress, cost }) =>
      searchTicket(pruner, {
        network,
        parameters,
        train: dataset.train,
        validation: dataset.validation,
        budget: Budget.of(network, density, layerDensities),
        seed,
        recipe,
        fromEpoch: rewindEpochs,
        options: method.given,
        objective: objective && recallComponent('objective', objective, registry),
        async onRound(round) {
          const facts = await folder.rounds.write(round, {
            searchMinutes: cost.seconds() / 60,
            searchMultiplyAdds: cost.multiplyAdds(),
          });
          // One that was kept before may come again, as it was.
          if (!before.some((known) => known.round === facts.round))
            run.tell({ type: 'round', ...facts });
        },
        onProgress: progress,
        checkpoints,
        signal,
      }),
  ).finally(() => tf.dispose(parameters));
  if (ticket.scores) await folder.writeScores(ticket.scores);
  await folder.writeTicket(ticket);
  await finish();
  return ticket;
}

/** Another run's ticket, altered. */
async function alter(run: OngoingRun, ablation: Ablation, start: Float32Array): Promise<Ticket> {
  const { config, folder, random } = run;
  const other = await ablatedRun(folder, config);
  const ticket = await ablatedTicket(ablation, other, { start, random });
  assertMadeFor(run, ticket, start);
  await folder.writeTicket(ticket);
  return ticket;
}

async function foundOrMade(run: OngoingRun, start: Float32Array): Promise<Ticket> {
  const { config, folder } = run;
  if (await folder.has('ticket')) {
    const ticket = await folder.readTicket();
    assertMadeFor(run, ticket, start);
    await tellRounds(folder, run.tell);
    return ticket;
  }
  return config.ablation ? alter(run, config.ablation, start) : search(run, start);
}

/** The run's ticket: found, or made of another run's; of a dense run none. */
export async function runTicket(run: OngoingRun, start: Float32Array): Promise<Ticket | undefined> {
  if (run.config.method.name === DENSE) return undefined;
  const ticket = await foundOrMade(run, start);
  tellTicket(ticket, ticketNotes(run.config, run.network, ticket), run.tell);
  return ticket;
}
