import type { Census, Ticket } from '@winnow/tickets';
import { savings } from '@winnow/report';
import { terminalTable } from './terminal-table.ts';

const COLUMNS = ['layer', 'shape', 'kept', 'of', 'density', 'dead outputs', 'unused inputs', ''];
const ALIGN = ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'] as const;

/** What is told of a ticket, layer by layer. */
export function ticketLines({ provenance }: Ticket, census: Census): string[] {
  const rows = census.layers.map((layer) => [
    layer.name,
    layer.shape.join('×'),
    layer.kept,
    layer.size,
    `${(100 * layer.density).toPrecision(3)} %`,
    `${layer.deadOutputs}/${layer.outputs}`,
    `${layer.unusedInputs}/${layer.inputs}`,
    layer.collapsed ? 'collapsed' : '',
  ]);
  const { method, objective, seed, model, density, notes = [] } = provenance;
  const origin = [method, objective, `seed ${seed}`].filter(Boolean);
  return [
    `${model}, ${origin.join(', ')}, asked for density ${density}`,
    terminalTable({ columns: COLUMNS, rows }, { align: ALIGN }),
    ...savings(census),
    ...notes,
  ];
}
