import type { ImportedWeights } from '@winnow/exchange';
import type { ImportedTicket, ImportedWeightsFile, Importable } from '@winnow/experiments';
import { DENSE, SPARSE, sizeTable } from './size-table.ts';

const count = (n: number) => n.toLocaleString('en');

/** What a file holds, a line each. */
export function importableLines(found: Importable): string[] {
  return found.kind === 'tickets'
    ? found.rows.map(
        ({ name, size, kept, density }) =>
          `${name}: ${count(kept)} of ${count(size)} weights, density ${density.toPrecision(4)}`,
      )
    : found.rows.map(({ name, shape, dtype }) => `${name} [${shape.join(', ')}] ${dtype}`);
}

/** What is told of a ticket that was imported. */
export function importedTicketLines(out: string, { ticket, sizes }: ImportedTicket): string[] {
  const { kept, size, density } = ticket;
  const { written, network } = sizes;
  return [
    `${out}: keeps ${count(kept)} of ${count(size)} weights, density ${density.toPrecision(4)}`,
    ...sizeTable({
      'written, ticket': written,
      ...(network && { [DENSE]: network.dense, [SPARSE]: network.sparse }),
    }),
  ];
}

/** What was done to weights of PyTorch to fit a network here. */
export function fittingLines({
  renamed,
  converted,
  leftOut,
  masks,
}: Omit<ImportedWeights, 'tensors'>): string[] {
  return [
    ...(renamed ? [`${renamed.count} renamed, such as ${renamed.example.join(' to ')}`] : []),
    ...Object.entries(converted).map(([dtype, n]) => `${n} converted from ${dtype} to float32`),
    ...(leftOut ? [`${leftOut} running statistics left out`] : []),
    ...(masks
      ? [
          `${masks} written whole, as they are below their masks, which are not applied; \`winnow import --ticket mask\` reads the masks`,
        ]
      : []),
  ];
}

/** What is told of weights that were imported. */
export function importedWeightsLines(out: string, imported: ImportedWeightsFile): string[] {
  return [
    `${out}: ${imported.tensors.size} parameters`,
    ...fittingLines(imported),
    ...sizeTable({ 'written, safetensors': imported.written }),
  ];
}
