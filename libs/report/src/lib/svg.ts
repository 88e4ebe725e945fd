import * as Plot from '@observablehq/plot';
import { visible } from '@winnow/plugin-api/text';
import { parseHTML } from 'linkedom/worker';
import { type Look, ON_PAPER, wrapText } from './look.ts';

const MARGIN = 20;
const TEXT_NODE = 3;

export interface Heading {
  readonly title: string;
  /** Of several lines, each of which is broken where it is too long. */
  readonly subtitle?: string;
}

/** A plot on a picture; `x` and `y` are pixels from the picture's left edge and from below its heading. */
export interface PlacedPlot {
  readonly x: number;
  readonly y: number;
  readonly plot: Plot.PlotOptions & { readonly width: number; readonly height: number };
}

/** A plot that is all of a picture; as wide as that, unless it says otherwise. */
export type LonePlot = Plot.PlotOptions & { readonly width?: number; readonly height: number };

/** A line of text on a picture, placed as plots are; `y` is its baseline. */
export interface Caption {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly strong?: boolean;
  readonly anchor?: 'start' | 'end';
}

/** What `plotSvg` gives. */
export function panelSvg(heading: Heading, plot: LonePlot, look: Look = ON_PAPER): string {
  const placed = { ...plot, width: plot.width ?? look.width };
  return panelsSvg(heading, [{ x: 0, y: 0, plot: placed }], [], look);
}

/** Draws several plots, with captions between them, under one heading, as an SVG document. */
export function panelsSvg(
  heading: Heading,
  panels: readonly PlacedPlot[],
  captions: readonly Caption[] = [],
  look: Look = ON_PAPER,
): string {
  const { document } = parseHTML('<html></html>');
  const { fontFamily, fontSize, ink, quiet } = look;
  const element = (name: string, attributes: Record<string, string | number>, text = '') => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.textContent = text;
    return made;
  };

  let y = 14;
  const lines = (text: string, size: number, style: Record<string, string>, bold = false) =>
    wrapText(text, look.width - 2 * MARGIN, size, bold).map((line) => {
      y += Math.round(size * 1.35);
      return element('text', { x: MARGIN, y: y - 4, 'font-size': size, ...style }, line);
    });
  const head = look.standalone
    ? [
        ...lines(heading.title, 20, { 'font-weight': 'bold' }, true),
        ...(heading.subtitle ? lines(heading.subtitle, fontSize, { fill: quiet }) : []),
      ]
    : [];
  const top = look.standalone ? y + 8 : 0;
  const height = top + 10 + Math.max(0, ...panels.map((p) => p.y + p.plot.height));
  const width = Math.max(look.width, ...panels.map((p) => p.x + p.plot.width));

  const root = element('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    ...(look.standalone && { role: 'img' }),
    'font-family': fontFamily,
    'font-size': fontSize,
    // An own colour, lest a dark page's light text reach the marks that Plot draws in `currentColor`.
    color: ink,
    fill: ink,
  });
  if (look.standalone) {
    // A child, since linkedom leaves the ampersands of attributes as they are.
    root.append(
      element('title', {}, heading.title),
      element('rect', { width: '100%', height: '100%', fill: look.ground }),
      ...head,
    );
  }
  for (const { x, y, plot } of panels) {
    const drawn = Plot.plot({ ...plot, document });
    // Plot's style sheet sizes a plot for a page of its own, and not every renderer reads it.
    drawn.querySelector('style')?.remove();
    drawn.removeAttribute('class');
    drawn.setAttribute('font-family', fontFamily);
    drawn.setAttribute('font-size', String(fontSize - 1));
    drawn.setAttribute('x', String(x));
    drawn.setAttribute('y', String(top + y));
    root.append(drawn);
  }
  for (const { x, y, text, strong, anchor } of captions) {
    const weight = strong ? { 'font-weight': 'bold' } : { fill: quiet };
    root.append(
      element('text', { x, y: top + y, 'text-anchor': anchor ?? 'start', ...weight }, text),
    );
  }
  spellOut(root);
  return root.outerHTML;
}

/** What a node of a document is here. */
interface TextTree {
  readonly nodeType: number;
  textContent: string | null;
  readonly childNodes: { forEach(callback: (child: TextTree) => void): void };
}

/** Names that come from elsewhere may hold what XML has no place for; some of the text is Plot's to place. */
function spellOut(node: TextTree): void {
  if (node.nodeType === TEXT_NODE) node.textContent = visible(node.textContent ?? '');
  node.childNodes.forEach(spellOut);
}
