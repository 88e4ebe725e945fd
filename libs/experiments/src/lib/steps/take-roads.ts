import { DENSE, type Road } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { recordRoads } from '../record-environment.ts';
import { recallComponent } from '../recorded-component.ts';
import { type Roads, roadsUnder } from '../roads.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** By what the run's method searches here; nothing where it does not, or does not say. */
function searchRoad({ config, network, setting }: OngoingRun): Road | undefined {
  const { method, objective, ablation } = config;
  if (method.name === DENSE || ablation) return undefined;
  const { registry } = setting;
  const followed = objective && recallComponent('objective', objective, registry);
  return recallComponent('pruner', method, registry).road?.(network, followed);
}

/** By what the run searches from here on; tells where that was something else before. */
export async function takeSearchRoad(run: OngoingRun): Promise<void> {
  const search = searchRoad(run);
  if (!search) return;
  const changed = await recordRoads({ search }, 'search', run.folder);
  if (changed) run.tell(changed);
}

/** By what the run goes on under its ticket, the same way, and by what that was found. */
export async function takeRoads(run: OngoingRun, ticket: Ticket | undefined): Promise<Roads> {
  const { config, folder, network } = run;
  const roads = roadsUnder(ticket, network, config.recipe);
  const changed = await recordRoads(roads, 'train', folder);
  if (changed) run.tell(changed);
  const search = searchRoad(run);
  const taken = (await folder.readEnvironments()).at(-1)?.['searchRoad'];
  return search && search.by === taken ? { ...roads, search } : roads;
}
