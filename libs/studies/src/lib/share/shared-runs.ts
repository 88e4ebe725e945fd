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

/** Which of these a run has for others. */
export type Given = Readonly<Record<keyof Sharing, boolean>>;

/** What is left of a run that is done, which need not have kept all. */
export async function givenBy(folder: RunFolder): Promise<Given> {
  return {
    start: await folder.has('start'),
    ticket: await folder.has('ticket'),
    rounds: (await folder.store.list('rounds')).length > 0,
  };
}

interface Identities {
  readonly start: string;
  readonly search: string | undefined;
  readonly rounds: ReturnType<typeof roundsOfSearch>;
}

/**
 * Whom each run can share work with: of runs that begin or search alike the first; of searches in rounds the one for the
 * lowest density. Searches are told apart by their methods; without a registry start points alone are shared. `given` is of
 * runs that are done, with which what is not there any more cannot be shared.
 */
export function sharedRuns<R extends NamedRun>(
  runs: readonly R[],
  registry?: ComponentRegistry,
  given?: ReadonlyMap<R, Given>,
): ReadonlyMap<R, Sharing<R>> {
  const starts = new Map<string, R>();
  const tickets = new Map<string, R>();
  const longest = new Map<string, R>();
  const identities = new Map<R, Identities>();
  for (const run of runs) {
    const { config } = run;
    const start = startIdentity(config);
    const search = registry && searchIdentity(config, registry);
    const rounds = registry && roundsOfSearch(config, registry);
    identities.set(run, { start, search, rounds });
    const has = given?.get(run) ?? { start: true, ticket: true, rounds: true };
    if (has.start && !starts.has(start)) starts.set(start, run);
    if (has.ticket && search !== undefined && !tickets.has(search)) tickets.set(search, run);
    if (!rounds || !has.rounds) continue;
    const known = longest.get(rounds.identity);
    if (!known || config.density < known.config.density) longest.set(rounds.identity, run);
  }
  return new Map(
    runs.map((run) => {
      const { start, search, rounds } = identities.get(run)!;
      const other = (one: R | undefined) => (one === run ? undefined : one);
      const first = other(starts.get(start));
      const finds = search === undefined ? undefined : other(tickets.get(search));
      const passes =
        rounds?.passed === undefined || finds ? undefined : other(longest.get(rounds.identity));
      return [
        run,
        {
          ...(first && { start: first }),
          ...(finds && { ticket: finds }),
          ...(passes && { rounds: passes }),
        },
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
