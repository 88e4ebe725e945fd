import { roundsOfSearch, searchIdentity, startIdentity } from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';

/** What a run can take from others, which did it before. */
export interface Sharing<R extends NamedRun = NamedRun> {
  /** Has the same start point. */
  readonly start?: R;
  /** Finds the same ticket. */
  readonly ticket?: R;
  /** Passes through the ticket, by what it trains. */
  readonly rounds?: R;
}

/**
 * Whom each run can share work with: of runs that begin or search alike the first; of searches in rounds the one for the
 * lowest density. A run that others take from is not in the way of itself: it has no entry of that kind.
 */
export function sharedRuns<R extends NamedRun>(
  runs: readonly R[],
  registry: ComponentRegistry,
): ReadonlyMap<R, Sharing<R>> {
  const starts = new Map<string, R>();
  const tickets = new Map<string, R>();
  const longest = new Map<string, R>();
  for (const run of runs) {
    const { config } = run;
    const start = startIdentity(config);
    const search = searchIdentity(config, registry);
    const rounds = roundsOfSearch(config, registry)?.identity;
    if (!starts.has(start)) starts.set(start, run);
    if (search !== undefined && !tickets.has(search)) tickets.set(search, run);
    if (rounds === undefined) continue;
    const known = longest.get(rounds);
    if (!known || config.density < known.config.density) longest.set(rounds, run);
  }
  const unless = (own: R, other: R | undefined) => (other === own ? undefined : other);
  return new Map(
    runs.map((run) => {
      const { config } = run;
      const start = unless(run, starts.get(startIdentity(config)));
      const search = searchIdentity(config, registry);
      const ticket = search === undefined ? undefined : unless(run, tickets.get(search));
      const own = roundsOfSearch(config, registry);
      const rounds =
        own?.roundAt === undefined || ticket ? undefined : unless(run, longest.get(own.identity));
      const sharing: Sharing<R> = {
        ...(start && { start }),
        ...(ticket && { ticket }),
        ...(rounds && { rounds }),
      };
      return [run, sharing];
    }),
  );
}
