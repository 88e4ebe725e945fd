import * as Plot from '@observablehq/plot';
import { type Look, ON_PAPER, colourOf, isNarrow, textWidth } from '../look.ts';
import { densityText } from '../percent.ts';
import { panelSvg } from '../svg.ts';

/** How many of a layer's weights a ticket keeps. */
export interface LayerCensus {
  readonly name: string;
  readonly size: number;
  readonly kept: number;
}

export interface LayerPictureOptions {
  readonly title: string;
  readonly layers: readonly LayerCensus[];
}

const ROW = 28;
const ROW_BELOW_NAME = 46;
const EDGE = 20;

/** What `layerPicture` gives. */
export function drawLayers({ title, layers }: LayerPictureOptions, look: Look = ON_PAPER): string {
  if (layers.length === 0) throw new RangeError('No layers to draw');
  for (const { name, size, kept } of layers) {
    if (!(size > 0 && kept >= 0 && kept <= size)) {
      throw new RangeError(`Layer ${name} cannot keep ${kept} of ${size} weights`);
    }
  }
  const kept = layers.reduce((sum, layer) => sum + layer.kept, 0);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  const density = (layer: LayerCensus) => layer.kept / layer.size;
  const alive = layers.filter((layer) => layer.kept > 0);
  const collapsed = layers.filter((layer) => layer.kept === 0);
  // So far below the sparsest layer that even its bar has some length.
  const least = 10 ** Math.floor(Math.log10(Math.min(0.1, ...alive.map(density)) / 2));
  const count = (value: number) => value.toLocaleString('en-US');
  const ratio = (layer: LayerCensus) => `${count(layer.kept)} / ${count(layer.size)}`;
  const { fontSize, ink, quiet, rule, alarm } = look;
  const isAbove = isNarrow(look);
  const marginLeft = 30 + Math.max(...layers.map(({ name }) => textWidth(name, fontSize - 1)));
  const marginRight =
    24 + Math.max(...layers.map((layer) => textWidth(ratio(layer), fontSize - 1)));
  const label = { textAnchor: 'start', className: 'kept' } as const;
  const halo = { stroke: look.ground, strokeWidth: 4 };

  return panelSvg(
    {
      title,
      subtitle: `${count(kept)} of ${count(size)} weights kept (${densityText(kept / size)})`,
    },
    {
      height: layers.length * (isAbove ? ROW_BELOW_NAME : ROW) + 62,
      marginLeft: isAbove ? EDGE : Math.min(marginLeft, look.width / 2),
      marginRight,
      marginTop: isAbove ? 36 : 28,
      marginBottom: 34,
      x: { type: 'log', domain: [least, 1] },
      y: {
        type: 'band',
        domain: layers.map(({ name }) => name),
        padding: isAbove ? 0.65 : 0.25,
        ...(isAbove && { axis: null }),
      },
      marks: [
        Plot.gridX({ stroke: rule, strokeOpacity: 1, ticks: decades(least, isAbove) }),
        Plot.axisX({
          ticks: decades(least, isAbove),
          tickFormat: densityText,
          tickSize: 0,
          label: null,
        }),
        ...(isAbove ? [] : [Plot.axisY({ tickSize: 0, label: null })]),
        Plot.barX(alive, {
          x1: least,
          x2: density,
          y: 'name',
          fill: colourOf(look, 0),
          className: 'density',
        }),
        ...(kept > 0
          ? [
              Plot.ruleX([kept / size], { stroke: ink, strokeDasharray: '5 4' }),
              Plot.text(['all layers'], {
                x: kept / size,
                frameAnchor: 'top',
                dy: isAbove ? -28 : -20,
                fill: quiet,
              }),
            ]
          : []),
        // After the line of all layers, which it stands before.
        Plot.text(isAbove ? layers : [], {
          frameAnchor: 'left',
          textAnchor: 'start',
          y: 'name',
          dy: -19,
          text: 'name',
          fill: ink,
          ...halo,
          className: 'names',
        }),
        Plot.text(alive, {
          ...label,
          dx: 8,
          x: density,
          y: 'name',
          text: ratio,
          fill: ink,
          ...halo,
        }),
        Plot.dot(collapsed, {
          x: least,
          y: 'name',
          symbol: 'times',
          dx: 10,
          stroke: alarm,
          strokeWidth: 2,
          className: 'collapsed',
        }),
        Plot.text(collapsed, {
          ...label,
          dx: 20,
          x: least,
          y: 'name',
          text: (layer: LayerCensus) => `${ratio(layer)}  collapsed`,
          fill: alarm,
        }),
      ],
    },
    look,
  );
}

function decades(least: number, isNarrow: boolean): number[] {
  const all = Array.from({ length: 1 - Math.round(Math.log10(least)) }, (_, i) => 10 ** -i);
  return all.filter((_, i) => !isNarrow || all.length < 5 || i % 2 === 0);
}
