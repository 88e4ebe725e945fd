import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { leaveOut } from '@winnow/models';
import {
  type ComponentRegistry,
  type ImageShape,
  type Network,
  type PluginRecord,
  type Road,
  type TicketProvenance,
  WinnowError,
} from '@winnow/plugin-api';
import { type Census, type LayerCensus, type Ticket, takeCensus } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import { parameterMask } from '@winnow/training';
import type { RunWorker } from './store/run-lock.ts';
import { assertNetworkUnchanged } from './plugin-changes.ts';
import { type NetworkRoads, type Roads, networkRoads } from './roads.ts';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';
import type { Speed } from './speed.ts';
import { startChosenBackend } from './start-chosen-backend.ts';

/** A ticket file, and the run that it lies in, where there is one. */
export interface FoundTicket {
  readonly path: string;
  readonly run?: { readonly folder: RunFolder; readonly config: RunConfig };
}

/**
 * The ticket of a run folder, or a ticket file. Throws FILE_NOT_READABLE; BAD_RUN for a broken `config.json` beside it,
 * which does not matter where it is told by other means what it would say.
 */
export async function findTicketFile(given: string, told: boolean): Promise<FoundTicket> {
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const folder = new RunFolder(isFolder ? given : dirname(given));
  const path = isFolder ? folder.ticket : given;
  if (!(isFolder ? await folder.has('ticket') : existsSync(given))) {
    throw new WinnowError('FILE_NOT_READABLE', `There is no ticket at ${path}.`, {
      hint: 'Give a ticket file, the folder of a run that has one (a dense run has none), or the name of a model.',
    });
  }
  const config = await folder.readConfig().catch((error: unknown) => {
    if (told) return undefined;
    throw error;
  });
  return { path, ...(config && { run: { folder, config } }) };
}

export interface InspectSetting {
  readonly registry: ComponentRegistry;
  /** In place of what the run says, or where there is none. */
  readonly input?: ImageShape | undefined;
  /** Likewise; the outputs of the last layer, in the layout of PyTorch, where nothing says it. */
  readonly classes?: number | undefined;
}

export interface InspectedTicket {
  readonly ticket: Ticket;
  /** What it keeps of each layer. */
  readonly layers: readonly CountedLayer[];
  /** What it saves; not known where the model is of a plugin that is not loaded. */
  readonly census?: Census;
  /** By what it is computed here; not known either where the census is not. */
  readonly here?: RoadsHere;
  /** That plugin. */
  readonly missing?: PluginRecord | undefined;
  /** What the run of this ticket recorded, where it lies in one that is finished. */
  readonly record?: TicketRecord;
  /** The folder of its run, where that is not finished. */
  readonly unfinished?: string;
  /** Who works on that. */
  readonly worker?: RunWorker;
}

/** By what a network is computed on the backend in use. */
export interface RoadsHere {
  readonly backend: string;
  readonly roads: NetworkRoads;
}

export interface TicketRecord {
  readonly roads?: Roads | undefined;
  readonly speed?: Speed | undefined;
  readonly notes?: readonly string[] | undefined;
}

export interface CountedLayer extends Pick<LayerCensus, 'name' | 'size' | 'kept' | 'density'> {
  readonly shape: readonly number[];
}

function countedLayers({ layers }: Ticket): CountedLayer[] {
  return [...layers].map(([name, { shape, kept: mask }]) => {
    const kept = mask.reduce((sum, bit) => sum + bit, 0);
    return { name, shape, size: mask.length, kept, density: kept / mask.length };
  });
}

/**
 * What a ticket keeps, and what that saves of its network. To look needs no plugin: of a model that is not here the
 * network is left out, where the run recorded plugins. Throws PLUGIN_CHANGED, INVALID_OPTION, UNKNOWN_NAME, BAD_TICKET, and what the model
 * does.
 */
export async function inspectTicket(
  found: FoundTicket,
  setting: InspectSetting,
): Promise<InspectedTicket> {
  const { run } = found;
  if (run) assertNetworkUnchanged(run.config, setting.registry, run.folder.path);
  // As the run's own where it is that, so that a foreign one in its place is told.
  const own = run && resolve(found.path) === resolve(run.folder.ticket) ? run.folder : undefined;
  const ticket = own ? await own.readTicket() : await readTicket(found.path);
  const record = own && (await recordOf(own));
  const layers = countedLayers(ticket);
  const known = setting.registry.names('model').includes(ticket.provenance.model);
  const missing = run?.config.plugins.find(({ brings }) => brings?.includes('model') ?? true);
  const worker = own && !record ? await own.store.worker() : undefined;
  const told = {
    ticket,
    layers,
    ...(record && { record }),
    ...(own && !record && { unfinished: own.path }),
    ...(worker && { worker }),
  };
  if (!known && missing) return { ...told, missing };
  return { ...told, ...(await ofNetwork(ticket, found, setting)) };
}

async function recordOf(folder: RunFolder): Promise<TicketRecord | undefined> {
  const result = await folder.readResult();
  return result && { roads: result.roads, notes: result.notes, speed: await folder.readSpeed() };
}

/** What a ticket saves of its network, and by what that is computed: under it, and in a search such as that for it. */
async function ofNetwork(
  ticket: Ticket,
  { path, run }: FoundTicket,
  { registry, ...told }: InspectSetting,
): Promise<Pick<InspectedTicket, 'census' | 'here'>> {
  const input = told.input ?? run?.config.input;
  if (!input) {
    throw new WinnowError('INVALID_OPTION', `${path} does not say how large its images are.`, {
      hint: 'Give --input, such as --input 32x32x3.',
    });
  }
  const head = [...ticket.layers.values()].at(-1);
  const classes = told.classes ?? run?.config.classes ?? head?.shape[0] ?? 0;
  const backend = await startChosenBackend('auto', registry);
  const { model, leftOut = [] } = ticket.provenance;
  const network = run
    ? buildNetwork({ ...run.config, input, classes }, registry)
    : leaveOut(registry.get('model', model).build(input, classes), leftOut);
  const census = takeCensus(ticket, network.parameters);
  const mask = parameterMask(network, ticket.layers);
  const search = searchRoad(ticket.provenance, network, registry);
  const roads = { ...networkRoads(network, mask, run?.config.recipe), ...(search && { search }) };
  return { census, here: { backend, roads } };
}

/** By what the ticket's method searches; nothing where it does not say, or method or objective are of a plugin that is not loaded. */
function searchRoad(
  { method: name, objective: followed }: TicketProvenance,
  network: Network,
  registry: ComponentRegistry,
): Road | undefined {
  const method = registry.all('pruner').find((known) => known.name === name);
  const objective = registry.all('objective').find((known) => known.name === followed);
  const isKnown = objective || !method?.needs.includes('objective');
  return isKnown ? method?.road?.(network, objective) : undefined;
}
