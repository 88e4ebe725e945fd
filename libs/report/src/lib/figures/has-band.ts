import type { FigurePanel, Group } from './figure.ts';

/** Whether a series has a band where bands are asked for: between several intervals. */
export const hasBand = (panel: FigurePanel, own: readonly Group[]) =>
  panel.kind === 'points' && own.filter(({ interval }) => interval !== null).length > 1;
