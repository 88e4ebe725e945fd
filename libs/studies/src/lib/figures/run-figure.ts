import { WinnowError } from '@winnow/plugin-api';
import type { AccuracyKind } from '../results/result-rows.ts';
import type { RunFilter } from '../tidy/run-filter.ts';
import { accuracyFigure } from './accuracy-figure.ts';
import { checksFigure } from './checks-figure.ts';
import { type Cost, costFigure } from './cost-figure.ts';
import { learningFigure, searchFigure } from './curves-figure.ts';
import { type ToldFigure, figureRuns } from './figure-runs.ts';
import type { FigureStyle } from './figure-style.ts';
import { joinSeries } from './join-series.ts';
import { layersFigure } from './layers-figure.ts';
import { keptComparisons } from './kept-comparisons.ts';
import { comparisonsIn, objectivesFigure } from './objectives-figure.ts';
import { styledFigure } from './styled-figure.ts';

/** Every kind, with what it shows. */
export const FIGURE_KINDS = {
  accuracy: 'accuracy against weights remaining',
  objectives: 'the values that tickets reach by each objective, against weights remaining',
  checks: 'tickets beside their shuffled, inverted and reinitialised ones',
  layers: 'weights kept, layer by layer',
  search: 'objective, expected density and λ, step by step',
  learning: 'training loss and validation accuracy, step by step',
  cost: 'accuracy against what finding the ticket cost',
} as const;
export type FigureKind = keyof typeof FIGURE_KINDS;

export interface FigureRequest {
  readonly kind: FigureKind;
  readonly where?: readonly RunFilter[] | undefined;
  readonly accuracy?: AccuracyKind | undefined;
  readonly cost?: Cost | undefined;
  readonly style?: FigureStyle | undefined;
}

/**
 * A figure of runs at or below folders, or of what `compare` and `check` wrote there. Throws NO_FIGURE where they cannot make it,
 * OPTION_NOT_USED, FILE_NOT_READABLE, BAD_RUN, NO_RUNS, UNKNOWN_NAME, and what reading a file of a run does.
 */
export async function runFigure(
  folders: readonly string[],
  request: FigureRequest,
): Promise<ToldFigure> {
  const figure = await gathered(folders, request);
  return request.style ? styledFigure(figure, request.style) : figure;
}

async function gathered(
  folders: readonly string[],
  { kind, where = [], accuracy = 'test', cost = 'minutes', style }: FigureRequest,
): Promise<ToldFigure> {
  if (kind === 'checks') return checksFigure(folders);
  if (kind === 'objectives') {
    const compared = await comparisonsIn(folders);
    if (compared && where.length > 0) throw notChosen();
    return objectivesFigure(compared ?? (await keptComparisons(folders, where, style)));
  }
  const { runs, notes } = await figureRuns(folders, where);
  const found = { runs: style ? joinSeries(runs, style) : runs, notes };
  const told = (figure: ToldFigure) => ({
    ...figure,
    notes: [...notes, ...figure.notes],
  });
  switch (kind) {
    case 'accuracy':
      return told(await accuracyFigure(found.runs, accuracy));
    case 'cost':
      return told(await costFigure(found.runs, cost));
    case 'layers':
      return told(await layersFigure(found));
    case 'search':
      return told(await searchFigure(found));
    case 'learning':
      return told(await learningFigure(found));
  }
}

const notChosen = () =>
  new WinnowError('OPTION_NOT_USED', 'What `winnow compare` wrote is drawn as it is.', {
    hint: 'Leave --where out, or give the folders of the runs.',
  });
