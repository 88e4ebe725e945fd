import { suggestName } from '@winnow/plugin-api';
import { groupBy } from '@winnow/report';
import type { Axis, FigurePanel, SeriesLook } from '@winnow/report/figures';
import { lineAt } from '../study/study-place.ts';
import { type ToldFigure, noFigure } from './figure-runs.ts';
import type { FigureStyle } from './figure-style.ts';
import { nameIn } from './join-series.ts';

/**
 * A figure with what a style says of its series, panels and axes. What the style names and this figure lacks is noted, since
 * several figures may share a style. Throws NO_FIGURE where nothing is left.
 */
export function styledFigure(figure: ToldFigure, style: FigureStyle): ToldFigure {
  const { series = {}, hide = [], labels = {} } = style;
  const known = figure.looks.map((look) => look.series);
  const axes = figure.panels.flatMap(({ x, y }) => [x.label, y.label]);
  const panels = panelNames(style);
  const names = new Set(known.map((own) => nameIn(style, own)));
  const absent = Object.keys(series).filter((own) => !names.has(nameIn(style, own)));
  const notes = [
    ...strangers(style, 'series', 'series', absent, known),
    ...strangers(style, 'hide', 'series', hide, known),
    ...strangers(style, 'labels', 'axis', Object.keys(labels), axes),
    ...strangers(
      style,
      'panels',
      'panel',
      panels ? [...panels.keys()] : [],
      figure.panels.map(({ name }) => name),
    ),
  ];
  const drawn = chosenPanels(figure.panels, panels)
    .map((panel) => without(panel, new Set(hide)))
    .filter((panel) => (panel.kind === 'curves' ? panel.curves : panel.groups).length > 0)
    .map((panel) => ({ ...panel, x: styledAxis(panel.x, style), y: styledAxis(panel.y, style) }));
  if (drawn.length === 0)
    throw noFigure(
      'these runs',
      'the style leaves nothing of it',
      'Look at its `panels` and `hide`.',
    );
  const rank = (look: SeriesLook) => Object.keys(series).indexOf(look.series) + 1 || Infinity;
  const looks = figure.looks
    .map((look) => ({ ...look, ...lookIn(series[look.series]) }))
    .sort((a, b) => rank(a) - rank(b) || 0);
  return {
    ...figure,
    looks,
    panels: drawn.map((panel) => inOrder(panel, looks)),
    notes: [...figure.notes, ...notes],
  };
}

function lookIn(own: NonNullable<FigureStyle['series']>[string] | undefined): Partial<SeriesLook> {
  if (own === undefined) return {};
  const { dash, ...look } = own;
  const told = Object.entries(look).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(told),
    ...(dash !== undefined && { dash: dash === 'solid' ? 'none' : dash }),
  };
}

/** What panels are called by what they were; nothing where all are drawn as they are. */
function panelNames({ panels }: FigureStyle): ReadonlyMap<string, string> | undefined {
  if (panels === undefined) return undefined;
  return new Map(
    Array.isArray(panels) ? panels.map((name) => [name, name] as const) : Object.entries(panels),
  );
}

function chosenPanels(
  panels: readonly FigurePanel[],
  names: ReadonlyMap<string, string> | undefined,
): readonly FigurePanel[] {
  if (!names) return panels;
  // Those of a row stay in it.
  return [...groupBy(panels, ({ row }) => row).values()].flatMap((row) =>
    [...names].flatMap(([own, name]) =>
      row.filter((panel) => panel.name === own).map((panel) => ({ ...panel, name })),
    ),
  );
}

function without(panel: FigurePanel, hidden: ReadonlySet<string>): FigurePanel {
  const isShown = ({ series }: { readonly series: string }) => !hidden.has(series);
  if (panel.kind === 'curves')
    return {
      ...panel,
      curves: panel.curves.filter(isShown),
      targets: panel.targets.filter(isShown),
    };
  const shown = { groups: panel.groups.filter(isShown), levels: panel.levels.filter(isShown) };
  return panel.kind === 'points' && panel.behind
    ? { ...panel, ...shown, behind: panel.behind.filter(isShown) }
    : { ...panel, ...shown };
}

function styledAxis(axis: Axis, { labels = {}, accuracy }: FigureStyle): Axis {
  const label = labels[axis.label] ?? axis.label;
  if (!accuracy || !/Accuracy$/.test(axis.column)) return { ...axis, label };
  const { from, to } = accuracy;
  return {
    ...axis,
    label,
    from: from === undefined ? axis.from : from / 100,
    to: to === undefined ? axis.to : to / 100,
  };
}

/** Series in the order of their looks: bars beside one another, and rows. */
function inOrder(panel: FigurePanel, looks: readonly SeriesLook[]): FigurePanel {
  if (panel.kind === 'curves') return panel;
  const rank = (series: string) => looks.findIndex((look) => look.series === series);
  return { ...panel, groups: panel.groups.toSorted((a, b) => rank(a.series) - rank(b.series)) };
}

/** A note of names that nothing in the figure has: those of one key together, as a style may be shared by many figures. */
function strangers(
  { place }: FigureStyle,
  key: string,
  what: string,
  names: readonly string[],
  known: readonly string[],
): string[] {
  const [first, ...others] = names.flatMap((name, i) =>
    known.includes(name) ? [] : [{ name, path: [key, key === 'hide' ? i : name] }],
  );
  if (first === undefined) return [];
  const line = place ? lineAt(place, first.path) : key;
  const more = others.map(({ name, path }) => {
    const own = place?.lineOf(path);
    return own === undefined ? `, nor "${name}"` : `, nor "${name}" (line ${own})`;
  });
  return [
    `${line}: this figure has no ${what} "${first.name}"${more.join('')}. ${suggestName(first.name, [...new Set(known)])}`,
  ];
}
