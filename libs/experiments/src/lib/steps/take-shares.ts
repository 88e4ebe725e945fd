import { Budget, Ticket } from '@winnow/tickets';
import type { Environment } from '../environment.ts';
import { type MetricsRow, copyMetrics } from '../metrics-log.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import type { KeptRound } from '../run-rounds.ts';
import { readShares } from '../run-shares.ts';
import { shareStart } from '../share-start.ts';
import { roundsOfSearch, searchIdentity, startIdentity } from '../shared-work.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** What two runs must be computed by for what one makes to be the other's. */
const MADE_BY = ['backend', 'instructions', 'tensorflow', 'winnow', 'commit'];

const isMadeAlike = (one: Environment | undefined, other: Environment | undefined) =>
  MADE_BY.every((name) => one?.[name] === other?.[name]);

/** A run that work can be taken from: one that is made by what this one is, all along. */
async function otherRun(
  { folder }: OngoingRun,
  path: string | undefined,
): Promise<{ readonly other: RunFolder; readonly config: RunConfig } | undefined> {
  if (path === undefined) return undefined;
  const other = folder.at(path);
  const config = await other.readConfig();
  if (!config) return undefined;
  const here = (await folder.readEnvironments()).at(-1);
  const theirs = await other.readEnvironments();
  return theirs.every((environment) => isMadeAlike(environment, here))
    ? { other, config }
    : undefined;
}

/** Whether the start point was there to be taken from a run that begins alike. */
export async function takeStart(run: OngoingRun): Promise<boolean> {
  const { start } = await readShares(run.folder);
  const found = await otherRun(run, start);
  if (!found || startIdentity(found.config) !== startIdentity(run.config)) return false;
  if (!(await found.other.has('start'))) return false;
  await shareStart(found.other, run.folder);
  return true;
}

/** The first rounds of a run; nothing where one of them is not there. */
async function firstRounds(other: RunFolder, count: number): Promise<KeptRound[] | undefined> {
  const found = await Promise.all(Array.from({ length: count }, (_, n) => other.rounds.read(n)));
  const rounds = found.filter((round) => round !== undefined);
  return rounds.length === count ? rounds : undefined;
}

/** What a search left behind beside its ticket. */
interface SearchTraces {
  readonly seconds: number;
  readonly multiplyAdds: number | undefined;
  readonly rounds: readonly KeptRound[];
}

/** So that the folder tells as much as if the search had been done here. */
async function keepSearch(
  run: OngoingRun,
  other: RunFolder,
  { seconds, multiplyAdds, rounds }: SearchTraces,
): Promise<void> {
  const { folder } = run;
  for (const { searchMinutes, searchMultiplyAdds, ...round } of rounds) {
    const facts = await folder.rounds.write(round, { searchMinutes, searchMultiplyAdds });
    run.tell({ type: 'round', ...facts });
  }
  await folder.writeTimings({ ...(await folder.readTimings()), search: seconds });
  await folder.writeMultiplyAdds('search', multiplyAdds);
  const isOfIt = ({ phase, round = 0 }: MetricsRow) =>
    phase === 'search' && Number(round) < Math.max(1, rounds.length);
  await copyMetrics(other, folder, isOfIt);
}

/** The ticket of a run that searches alike, if it was found on these weights: start points may be of other machines. */
async function sameTicket(
  run: OngoingRun,
  weightsHash: string,
  path?: string,
): Promise<Ticket | undefined> {
  const { config, folder, setting } = run;
  const found = await otherRun(run, path);
  const own = searchIdentity(config, setting.registry);
  if (!found || own === undefined || searchIdentity(found.config, setting.registry) !== own)
    return undefined;
  const { other } = found;
  if (!(await other.has('ticket'))) return undefined;
  const ticket = await other.readTicket();
  if (ticket.provenance.weightsHash !== weightsHash) return undefined;
  const { search: seconds } = await other.readTimings();
  const { search: multiplyAdds } = await other.readMultiplyAdds();
  const rounds = await firstRounds(other, (await other.rounds.facts()).length);
  if (!rounds) return undefined;
  await keepSearch(run, other, { seconds, multiplyAdds, rounds });
  if (await other.has('scores')) await folder.writeScores(await other.readScores());
  return ticket;
}

/** The ticket that a search for a lower density passes through. */
async function passedTicket(
  run: OngoingRun,
  weightsHash: string,
  path?: string,
): Promise<Ticket | undefined> {
  const { config, setting, network } = run;
  const found = await otherRun(run, path);
  const own = roundsOfSearch(config, setting.registry);
  const longer = found && roundsOfSearch(found.config, setting.registry);
  if (!longer || !own?.passed || longer.identity !== own.identity) return undefined;
  const { other } = found;
  const { at, rounds: count } = own.passed;
  const all = await firstRounds(other, Math.max(at + 1, count));
  if (!all) return undefined;
  const { layers, provenance, counts } = all[at]!.ticket;
  if (provenance.weightsHash !== weightsHash) return undefined;
  // Another number of digits may be another number of weights.
  const { density } = config;
  if (Budget.of(network, density).missedBy(counts)) return undefined;
  const rounds = all.slice(0, count);
  const { searchMinutes, searchMultiplyAdds: multiplyAdds } = rounds.at(-1)!;
  await keepSearch(run, other, { seconds: 60 * searchMinutes, multiplyAdds, rounds });
  return new Ticket({ layers, provenance: { ...provenance, density } });
}

/**
 * The run's ticket, where one for its start point, of this hash, was there to be taken from another run; `assertOwn` throws
 * where it is not for this one.
 */
export async function takeTicket(
  run: OngoingRun,
  weightsHash: string,
  assertOwn: (ticket: Ticket) => void,
): Promise<Ticket | undefined> {
  const { ticket, rounds } = await readShares(run.folder);
  const found =
    (await sameTicket(run, weightsHash, ticket)) ?? (await passedTicket(run, weightsHash, rounds));
  if (!found) return undefined;
  assertOwn(found);
  await run.folder.writeTicket(found);
  return found;
}
