import {
  type CountedLayer,
  type InspectedTicket,
  type Speed,
  type TicketRecord,
  tellRoads,
  tellSpeed,
} from '@winnow/experiments';
import { percentOf, savings } from '@winnow/report';
import type { LayerCensus } from '@winnow/tickets';
import { roadLines } from './tell-roads.ts';
import { terminalTable } from './terminal-table.ts';

const COUNTS = ['layer', 'shape', 'kept', 'of', 'density'];
const CHANNELS = ['dead outputs', 'unused inputs', 'note'];
const ALIGN = ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'] as const;

function row({ name, shape, kept, size }: CountedLayer): string[] {
  const counts = [kept, size].map((count) => count.toLocaleString('en'));
  return [name, shape.join('×'), ...counts, percentOf(kept, size)];
}

function channels(layer: LayerCensus): string[] {
  const { deadOutputs, outputs, unusedInputs, inputs, collapsed } = layer;
  const dead = `${deadOutputs}/${outputs}`;
  return [dead, `${unusedInputs}/${inputs}`, collapsed ? 'collapsed' : ''];
}

function layerTable({ layers, census }: InspectedTicket): string {
  const columns = [...COUNTS, ...(census ? CHANNELS : [])];
  // A census has the network's order.
  const rows = census
    ? census.layers.map((layer) => [...row(layer), ...channels(layer)])
    : layers.map(row);
  return terminalTable({ columns, rows }, { align: ALIGN.slice(0, columns.length) });
}

/** What the ticket's run recorded. */
function recordLines({ roads, speed }: TicketRecord, leavesLayersEmpty: boolean): string[] {
  return [
    ...(roads ? ['As its run was computed:', ...tellRoads(roads)] : []),
    ...(speed ? speedLines(speed, leavesLayersEmpty) : []),
  ];
}

function speedLines(speed: Speed, leavesLayersEmpty: boolean): string[] {
  const { heading, ...table } = tellSpeed(speed);
  return [
    `${heading}:`,
    terminalTable(table, { align: ['left', 'right', 'right'], compact: true }),
    ...(leavesLayersEmpty
      ? ['Nothing is computed of layers that keep nothing, nor of what leads to them alone.']
      : []),
  ];
}

/** What is told of a ticket, layer by layer. */
export function ticketLines(inspected: InspectedTicket): string[] {
  const { ticket, census, here, missing, record, unfinished, worker } = inspected;
  const { method, objective, seed, model, density, notes = [] } = ticket.provenance;
  const origin = [method, objective, `seed ${seed}`].filter(Boolean);
  const { kept, size } = ticket;
  return [
    `${model}, ${origin.join(', ')}, asked for density ${density}`,
    layerTable(inspected),
    ...(census
      ? savings(census)
      : [
          `${kept.toLocaleString('en')} of ${size.toLocaleString('en')} weights kept (${percentOf(kept, size)})`,
        ]),
    ...(record
      ? recordLines(record, census?.layers.some(({ collapsed }) => collapsed) ?? false)
      : []),
    ...(here ? roadLines(here) : []),
    ...(missing
      ? [
          `What it saves is not told: the model is of plugin "${missing.name}", which was not loaded. Name it: --plugin ${missing.specifier}`,
        ]
      : []),
    ...new Set([...notes, ...(record?.notes ?? [])]),
    ...(unfinished === undefined
      ? []
      : [
          worker
            ? `Its run is not finished: process ${worker.pid} on ${worker.host} has worked on it since ${worker.since}.`
            : `Its run is not finished: \`winnow resume ${unfinished}\` goes on with it.`,
        ]),
  ];
}
