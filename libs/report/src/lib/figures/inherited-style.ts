import { ON_PAPER } from '../look.ts';
import type { SvgElement } from './svg-element.ts';

/** What an element of a figure is drawn with, its parents' word included; sizes in points. */
export interface InheritedStyle {
  readonly fill: string;
  readonly fillOpacity: number;
  readonly stroke: string;
  readonly strokeOpacity: number;
  readonly strokeWidth: number;
  readonly dash: string;
  readonly lineCap: 'butt' | 'round' | 'square';
  readonly lineJoin: 'miter' | 'round' | 'bevel';
  readonly fontSize: number;
  readonly anchor: string;
}

type Attributed = Pick<SvgElement, 'getAttribute'>;

/** SVG's own. */
export const INITIAL_STYLE: InheritedStyle = {
  fill: 'black',
  fillOpacity: 1,
  stroke: 'none',
  strokeOpacity: 1,
  strokeWidth: 1,
  dash: 'none',
  lineCap: 'butt',
  lineJoin: 'miter',
  fontSize: 10,
  anchor: 'start',
};

/** That of an element below its parent's. */
export function inherit(parent: InheritedStyle, element: Attributed): InheritedStyle {
  const own = (name: string) => element.getAttribute(name) ?? undefined;
  const number = (name: string, otherwise: number) => Number(own(name) ?? otherwise);
  const colour = (name: 'fill' | 'stroke') =>
    own(name)?.replace('currentColor', ON_PAPER.ink) ?? parent[name];
  return {
    fill: colour('fill'),
    fillOpacity: number('fill-opacity', parent.fillOpacity),
    stroke: colour('stroke'),
    strokeOpacity: number('stroke-opacity', parent.strokeOpacity),
    strokeWidth: number('stroke-width', parent.strokeWidth),
    dash: own('stroke-dasharray') ?? parent.dash,
    lineCap: (own('stroke-linecap') as InheritedStyle['lineCap']) ?? parent.lineCap,
    lineJoin: (own('stroke-linejoin') as InheritedStyle['lineJoin']) ?? parent.lineJoin,
    fontSize: number('font-size', parent.fontSize),
    anchor: own('text-anchor') ?? parent.anchor,
  };
}

/** Where a text's baseline begins, before its transform. */
export function textStart(
  element: Attributed,
  { anchor, fontSize }: InheritedStyle,
  width: number,
): readonly [x: number, y: number] {
  const place = (name: string) => {
    const value = element.getAttribute(name) ?? '0';
    return value.endsWith('em') ? Number(value.slice(0, -2)) * fontSize : Number(value);
  };
  const share = anchor === 'middle' ? 0.5 : anchor === 'end' ? 1 : 0;
  return [place('x') - share * width, place('y')];
}
