import type { FigureFont } from './figure-font.ts';
import type { Tick } from './axis-ticks.ts';
import { type FittedAxis, shareOf } from './fitted-axis.ts';

/**
 * An axis whose labels have room in its width, in points, ticks in between without one: of round numbers every second, third, …
 * has one; of places of its own as many as can, from the end on, where the sparsest tickets are.
 */
export function thinned(
  axis: FittedAxis,
  width: number,
  size: number,
  font: FigureFont,
): FittedAxis {
  const placed = axis.ticks
    .map(({ at, text }) => {
      const half = font.widthOf(text, size) / 2;
      return { at, text, place: shareOf(axis, at) * width, half };
    })
    .sort((a, b) => b.place - a.place);
  const isCounted = (i: number, stride: number) =>
    (axis.isRound ? placed.length - 1 - i : i) % stride === 0;
  const fits = (stride: number) => {
    let free = Infinity;
    return placed.map(({ place, half }, i) => {
      const isFree = isCounted(i, stride) && place + half + size / 3 <= free;
      if (isFree) free = place - half;
      return isFree;
    });
  };
  const strides = axis.isRound ? placed.map((_, i) => i + 1) : [1];
  const isWhole = (stride: number) => fits(stride).every((is, i) => is || !isCounted(i, stride));
  const labelled = fits(strides.find(isWhole) ?? 1);
  const ticks = placed.map(({ at, text }, i): Tick => ({ at, text: labelled[i] ? text : '' }));
  return { ...axis, ticks: ticks.reverse() };
}
