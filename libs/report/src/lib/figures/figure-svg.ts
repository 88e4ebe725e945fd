import type { DrawnFigure } from './draw-figure.ts';
import type { FigureFont } from './figure-font.ts';
import { INITIAL_STYLE, type InheritedStyle, inherit, textStart } from './inherited-style.ts';

const SVG = 'http://www.w3.org/2000/svg';
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
  const made = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({
    xmlns: SVG,
    width: mm(widthPt),
    height: mm(heightPt),
    viewBox: `0 0 ${widthPt} ${heightPt}`,
    role: 'img',
  }))
    made.setAttribute(name, value);
  const title = document.createElementNS(SVG, 'title');
  title.textContent = about;
  const ground = document.createElementNS(SVG, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', 'white');
  const drawn = root.cloneNode(true) as Element;
  outlineTexts(drawn, INITIAL_STYLE, font);
  made.append(title, ground, drawn);
  return `${made.outerHTML}\n`;
}

function outlineTexts(element: Element, parent: InheritedStyle, font: FigureFont): void {
  const style = inherit(parent, element);
  if (element.localName !== 'text') {
    for (const child of [...element.children]) outlineTexts(child, style, font);
    return;
  }
  const text = element.textContent ?? '';
  if (text === '') return element.remove();
  const [x, y] = textStart(element, style, font.widthOf(text, style.fontSize));
  const path = element.ownerDocument.createElementNS(SVG, 'path');
  const transform = element.getAttribute('transform') ?? '';
  path.setAttribute('transform', `${transform} translate(${x},${y})`.trim());
  path.setAttribute('fill', style.fill);
  path.setAttribute('stroke', 'none');
  path.setAttribute('d', font.outline(text, style.fontSize));
  element.replaceWith(path);
}
