import type { Census, Ticket } from '@winnow/tickets';
import { savings } from '@winnow/report';
import Table from 'cli-table3';

/** What is told of a ticket, layer by layer. */
export function ticketLines({ provenance }: Ticket, census: Census): string[] {
  const table = new Table({
    head: ['layer', 'shape', 'kept', 'of', 'density', 'dead outputs', 'unused inputs', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
  });
  for (const layer of census.layers) {
    table.push([
      layer.name,
      layer.shape.join('×'),
      layer.kept,
      layer.size,
      `${(100 * layer.density).toPrecision(3)} %`,
      `${layer.deadOutputs}/${layer.outputs}`,
      `${layer.unusedInputs}/${layer.inputs}`,
      layer.collapsed ? 'collapsed' : '',
    ]);
  }
  const { method, objective, seed, model, density, notes = [] } = provenance;
  const origin = [method, objective, `seed ${seed}`].filter(Boolean);
  return [
    `${model}, ${origin.join(', ')}, asked for density ${density}`,
    table.toString(),
    ...savings(census),
    ...notes,
  ];
}
