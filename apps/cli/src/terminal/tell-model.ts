import type { InspectedModel } from '@winnow/experiments';
import { shortCount } from '@winnow/report';
import { roadLines } from './tell-roads.ts';
import { terminalTable } from './terminal-table.ts';

/** What is told of a model, parameter by parameter. */
export function modelLines({ model, parameters, here }: InspectedModel): string[] {
  const rows = parameters
    .filter(({ prunable }) => prunable)
    .map(({ name, shape, size, multiplyAdds }) => [name, shape.join('×'), size, multiplyAdds]);
  const sum = (at: 'size' | 'multiplyAdds') =>
    parameters.filter(({ prunable }) => prunable).reduce((total, p) => total + p[at], 0);
  const columns = ['layer', 'shape', 'weights', 'multiply-adds'];
  return [
    model,
    terminalTable({ columns, rows }, { align: ['left', 'left', 'right', 'right'] }),
    `${sum('size').toLocaleString('en')} weights can be pruned; ${shortCount(sum('multiplyAdds')).trim()} multiply-adds an image`,
    ...roadLines(here, {
      under: 'under a ticket of few weights',
      search: 'search by an objective of logits',
    }),
  ];
}
