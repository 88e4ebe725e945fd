import type { ExportedRun, FrozenRun } from '@winnow/experiments';
import { DENSE, SPARSE, sizeTable } from './size-table.ts';

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
const count = (n: number) => n.toLocaleString('en');

/** What is told of a run that was frozen. */
export function frozenLines({ normalizations, images, before, after }: FrozenRun): string[] {
  const tested = `of ${count(after.examples)} test images`;
  if (normalizations === 0) {
    return [
      `nothing normalises in this network: its weights are copied as they are`,
      `test accuracy ${percent(before.accuracy)} ${tested}`,
    ];
  }
  return [
    `test accuracy ${percent(before.accuracy)} by the statistics of each batch, ${percent(after.accuracy)} frozen, ${tested}`,
    `${normalizations} normalisation layers, with the mean and variance over ${count(images)} training images`,
  ];
}

/** What is told where a run was frozen on the way to something else. */
export function freezingLine({ before, after, images }: FrozenRun): string {
  return `frozen first, over ${count(images)} training images: test accuracy ${percent(before.accuracy)} by the statistics of each batch, ${percent(after.accuracy)} frozen`;
}

/** What is told of a run that was exported. */
export function exportedLines({ format, out, opset, froze, sizes }: ExportedRun): string[] {
  return [
    ...(froze ? [freezingLine(froze)] : []),
    opset === undefined ? out : `${out} (opset ${opset})`,
    ...sizeTable({
      [`written, ${format}`]: sizes.written,
      ...(sizes.dense && { [DENSE]: sizes.dense }),
      ...(sizes.sparse && { [SPARSE]: sizes.sparse }),
    }),
  ];
}
