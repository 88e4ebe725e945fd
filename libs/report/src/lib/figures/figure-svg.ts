import type { DrawnFigure } from './draw-figure.ts';
import type { FigureFont } from './figure-font.ts';
import { INITIAL_STYLE, type InheritedStyle, inherit, textStart } from './inherited-style.ts';
import { type SvgElement, svgElement } from './svg-element.ts';

const mm = (points: number) => `${Number(((points * 25.4) / 72).toFixed(3))}mm`;

/**
 * A figure as a standalone SVG document. Its texts are outlines: Inkscape, Illustrator and office programs do not read a font
 * within an SVG, and would set another.
 */
export function figureSvg(
  { about, root, widthPt, heightPt }: DrawnFigure,
  font: FigureFont,
): string {
  const document = root.ownerDocument;
  const made = svgElement(document, 'svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width: mm(widthPt),
    height: mm(heightPt),
    viewBox: `0 0 ${widthPt} ${heightPt}`,
    role: 'img',
  });
  const title = svgElement(document, 'title', {}, about);
  const ground = svgElement(document, 'rect', { width: '100%', height: '100%', fill: 'white' });
  const drawn = root.cloneNode(true) as SvgElement;
  outlineTexts(drawn, INITIAL_STYLE, font);
  made.append(title, ground, drawn);
  return `${made.outerHTML}\n`;
}

function outlineTexts(element: SvgElement, parent: InheritedStyle, font: FigureFont): void {
  const style = inherit(parent, element);
  if (element.localName !== 'text') {
    for (const child of [...element.children]) outlineTexts(child, style, font);
    return;
  }
  const text = element.textContent ?? '';
  if (text === '') return element.remove();
  const [x, y] = textStart(element, style, font.widthOf(text, style.fontSize));
  const transform = element.getAttribute('transform') ?? '';
  const path = svgElement(element.ownerDocument, 'path', {
    transform: `${transform} translate(${x},${y})`.trim(),
    fill: style.fill,
    stroke: 'none',
    d: font.outline(text, style.fontSize),
  });
  element.replaceWith(path);
}
