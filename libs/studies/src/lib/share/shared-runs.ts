import {
  type RunFolder,
  type RunShares,
  roundsOfSearch,
  searchIdentity,
  startIdentity,
} from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import { relative, sep } from 'node:path';
import type { NamedRun } from '../execute/named-run.ts';

/** What a run can take from others, which do it before. */
export interface Sharing<R extends NamedRun = NamedRun> {
  /** Has the same start point. */
  readonly start?: R;
  /** Finds the same ticket. */
  readonly ticket?: R;
  /** Passes through the ticket, by what it trains. */
  readonly rounds?: R;
}

/** What a run has for others by now, and whether it is over, so that no more is to come of it. */
export interface Given extends Readonly<Record<keyof Sharing, boolean>> {
  readonly isOver: boolean;
}

/** One that is over need not have kept all. */
export async function givenBy(folder: RunFolder, isOver: boolean): Promise<Given> {
  return {
    start: await folder.has('start'),
    ticket: await folder.has('ticket'),
    rounds: (await folder.store.list('rounds')).length > 0,
    isOver,
  };
}

/** The first run of each identity. */
function firstOf<R>(runs: readonly R[], identityOf: (run: R) => string | undefined) {
  const found = new Map<string, R>();
  for (const run of runs) {
    const identity = identityOf(run);
    if (identity !== undefined && !found.has(identity)) found.set(identity, run);
  }
  return found;
}

/**
 * Whom each run can share work with: of runs that begin or search alike the first that has it, or else that is to make it;
 * of searches in rounds the one for the lowest density. Searches are told apart by their methods; without a registry start
 * points alone are shared.
 */
export function sharedRuns<R extends NamedRun>(
  runs: readonly R[],
  given: ReadonlyMap<R, Given>,
  registry?: ComponentRegistry,
): ReadonlyMap<R, Sharing<R>> {
  /** Those that have it, and then those that will. */
  const givers = (what: keyof Sharing) => [
    ...runs.filter((run) => given.get(run)![what]),
    ...runs.filter((run) => !given.get(run)!.isOver),
  ];
  const startOf = new Map(runs.map((run) => [run, startIdentity(run.config)]));
  const searchOf = new Map(
    runs.map((run) => [run, registry && searchIdentity(run.config, registry)]),
  );
  const roundsOf = new Map(
    runs.map((run) => [run, registry && roundsOfSearch(run.config, registry)]),
  );
  const starts = firstOf(givers('start'), (run) => startOf.get(run));
  const tickets = firstOf(givers('ticket'), (run) => searchOf.get(run));
  const leaderOf = (run: R, leaders: ReadonlyMap<string, R>, identity: string | undefined) => {
    const leader = identity === undefined ? undefined : leaders.get(identity);
    return leader === run ? undefined : leader;
  };
  const ticketOf = (run: R) => leaderOf(run, tickets, searchOf.get(run));
  const searching = givers('rounds')
    // Who takes a ticket passes through no rounds.
    .filter((run) => given.get(run)!.rounds || !ticketOf(run))
    .sort((a, b) => a.config.density - b.config.density);
  const longest = firstOf(searching, (run) => roundsOf.get(run)?.identity);
  return new Map(
    runs.map((run) => {
      const start = leaderOf(run, starts, startOf.get(run));
      const ticket = ticketOf(run);
      const own = roundsOf.get(run);
      const rounds =
        own?.passed === undefined || ticket ? undefined : leaderOf(run, longest, own.identity);
      return [
        run,
        { ...(start && { start }), ...(ticket && { ticket }), ...(rounds && { rounds }) },
      ];
    }),
  );
}

/** What a run's folder says of it: where those lie, as seen from it. */
export function sharesOf<R extends NamedRun>({ folder }: R, sharing: Sharing<R>): RunShares {
  const placed = Object.entries(sharing).map(([what, other]: [string, R]) => [
    what,
    relative(folder.path, other.folder.path).split(sep).join('/'),
  ]);
  return Object.fromEntries(placed) as RunShares;
}
