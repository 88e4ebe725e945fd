import type { Ticket } from '@winnow/tickets';
import { recordRoads } from '../record-environment.ts';
import { type Roads, roadsUnder } from '../roads.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** By what the run goes on under its ticket; tells where that was something else before. */
export async function takeRoads(run: OngoingRun, ticket: Ticket | undefined): Promise<Roads> {
  const { config, folder, network } = run;
  const roads = roadsUnder(ticket, network, config.recipe);
  const changed = await recordRoads(roads, folder);
  if (changed) run.tell(changed);
  return roads;
}
