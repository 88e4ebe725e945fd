import * as Plot from '@observablehq/plot';
import { scaleLinear } from 'd3-scale';
import { downsample } from '../downsample.ts';
import { type Look, ON_PAPER, colourOf, isNarrow, textWidth } from '../look.ts';
import { type Caption, type PlacedPlot, panelsSvg } from '../svg.ts';
import { tickText } from '../tick-text.ts';
import { type CurveRow, type Point, formatOf, isShare, phasesOf, targetOf } from './curve-rows.ts';

export interface CurvesPictureOptions {
  readonly title: string;
  readonly rows: readonly CurveRow[];
}

const MOST_POINTS = 400;
const MOST_COLUMNS = 3;
const EDGE = 20;
const PHASE_HEIGHT = 30;
const PANEL_HEIGHT = 190;
const CAPTION_HEIGHT = 28;
const MARGIN_LEFT = 66;
const TICK_ROOM = 12;

/** What `curvesPicture` gives. */
export function drawCurves({ title, rows }: CurvesPictureOptions, look: Look = ON_PAPER): string {
  const phases = phasesOf(rows);
  if (phases.length === 0) throw new RangeError('No series to draw');
  const columns = isNarrow(look)
    ? 1
    : Math.min(MOST_COLUMNS, Math.max(2, ...phases.map(({ series }) => series.size)));
  const width = Math.floor((look.width - EDGE) / columns);

  const panels: PlacedPlot[] = [];
  const captions: Caption[] = [];
  let top = 0;
  phases.forEach(({ phase, series, all }, p) => {
    captions.push({ x: EDGE, y: top + 20, text: phase, strong: true });
    top += PHASE_HEIGHT;
    [...series].forEach(([name, points], i) => {
      const x = (i % columns) * width;
      const y = top + Math.floor(i / columns) * PANEL_HEIGHT;
      const format = formatOf(name);
      const last = points.at(-1)!;
      const target = all.get(targetOf(name));
      const aim = target ? `, target ${format(target.at(-1)!.value)}` : '';
      captions.push(
        { x: x + EDGE, y: y + 18, text: `${name}${aim}` },
        { x: x + width - EDGE, y: y + 18, text: `→ ${format(last.value)}`, anchor: 'end' },
      );
      panels.push({
        x,
        y: y + CAPTION_HEIGHT,
        plot: panel(
          { name, points: downsample(points, MOST_POINTS), target: target ?? [] },
          colourOf(look, p),
          width,
          look,
        ),
      });
    });
    top += Math.ceil(series.size / columns) * PANEL_HEIGHT;
  });
  return panelsSvg(
    { title, subtitle: 'By step; the last value follows the arrow.' },
    panels,
    captions,
    look,
  );
}

interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  readonly target: readonly Point[];
}

function panel(
  { name, points, target }: Series,
  stroke: string,
  width: number,
  look: Look,
): PlacedPlot['plot'] {
  const values = [...points, ...target].map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  // By the median, since a schedule's last step towards 0 or one spike does not make a series exponential.
  const median = sorted[values.length >> 1]!;
  const log = low > 0 && high / median > 20;
  const linear = scaleLinear().domain([low, high]).nice();
  const ticks = log ? decades(low, high) : linear.ticks(4);
  const format = formatOf(name);
  const text = log ? format : tickText(ticks, format, isShare(name));
  // Of a size more than theirs: digits are wider than most letters.
  const widest = Math.max(...ticks.map((tick) => textWidth(text(tick), look.fontSize)));
  return {
    width,
    height: PANEL_HEIGHT - CAPTION_HEIGHT,
    marginLeft: Math.max(MARGIN_LEFT, widest + TICK_ROOM),
    marginRight: EDGE,
    marginTop: 8,
    marginBottom: 30,
    y: log ? { type: 'log', nice: true } : { type: 'linear', domain: linear.domain() },
    marks: [
      Plot.gridY({ stroke: look.rule, strokeOpacity: 1, ticks }),
      Plot.axisY({
        ticks,
        tickSize: 0,
        tickFormat: text,
        label: null,
        fontSize: look.fontSize - 2,
      }),
      Plot.axisX({
        ticks: 3,
        tickSize: 0,
        tickFormat: stepText,
        label: null,
        fill: look.quiet,
        fontSize: look.fontSize - 2,
      }),
      Plot.lineY(downsample(target, MOST_POINTS), {
        x: 'step',
        y: 'value',
        stroke: look.quiet,
        strokeDasharray: '4 3',
      }),
      Plot.lineY(points, { x: 'step', y: 'value', stroke, strokeWidth: 1.75 }),
      // A few points, or one alone, would not show as a line.
      Plot.dot(points.length <= 20 ? points : [], { x: 'step', y: 'value', r: 3, fill: stroke }),
    ],
  };
}

/** Powers of ten from below `low` to above `high`, at most about five of them. */
function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const stride = Math.ceil((last - first) / 5);
  return Array.from(
    { length: Math.floor((last - first) / stride) + 1 },
    (_, i) => 10 ** (first + i * stride),
  );
}

function stepText(step: number): string {
  return Number.isInteger(step) ? step.toLocaleString('en-US') : '';
}
