import * as Plot from '@observablehq/plot';
import { type Look, isNarrow } from '../look.ts';
import { densityText, sparsityText } from '../percent.ts';

/** Densities that have room for their label on a log axis so many pixels wide, the sparsest first; both ends in any case. */
export function labelledDensities(
  densities: readonly number[],
  width: number,
  gap: number,
): number[] {
  const last = densities.at(-1)!;
  const perLog = width / Math.log(last / densities[0]!);
  const chosen: number[] = [];
  for (const density of densities) {
    const before = chosen.at(-1);
    if (before === undefined || Math.log(density / before) * perLog >= gap) chosen.push(density);
  }
  if (chosen.at(-1) === last) return chosen;
  const [first, ...between] = chosen as [number, ...number[]];
  return [first, ...between.filter((one) => Math.log(last / one) * perLog >= gap), last];
}

/**
 * Ticks stand where something was measured, as the round numbers of a log scale seldom are; crowded ones go unlabelled.
 * `densities` grow; `width` is that of the plot without its margins; below densities stand sparsities, where those are
 * wanted. Where there is no room for the axis's name on its left it stands below.
 */
export function densityAxis(
  densities: readonly number[],
  look: Look,
  { width, gap, sparsity }: { readonly width: number; readonly gap: number; sparsity: boolean },
): Plot.Markish[] {
  const labelled = labelledDensities(densities, width, gap);
  const line = (dy: number, fill: string, name: string, text: (density: number) => string) => [
    Plot.text(labelled, {
      x: (density: number) => density,
      frameAnchor: 'bottom',
      lineAnchor: 'top',
      dy,
      fill,
      text,
      className: name,
    }),
    isNarrow(look)
      ? Plot.text([`${name}, sparser to the right`], {
          frameAnchor: 'bottom',
          lineAnchor: 'top',
          dy: dy + 20,
          fill: look.quiet,
        })
      : Plot.text([name], {
          frameAnchor: 'bottom-left',
          lineAnchor: 'top',
          textAnchor: 'end',
          dx: sparsity ? -36 : -24,
          dy,
          fill: sparsity ? fill : look.quiet,
          fontSize: look.fontSize - (sparsity ? 1 : 2),
        }),
  ];
  return [
    Plot.ruleX(densities, { stroke: look.rule }),
    ...line(sparsity ? 14 : 12, look.ink, 'density', densityText),
    ...(sparsity ? line(33, look.quiet, 'sparsity', sparsityText) : []),
  ];
}
