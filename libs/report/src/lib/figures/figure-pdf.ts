import PDFDocument from 'pdfkit';
import type { DrawnFigure } from './draw-figure.ts';
import type { FigureFont } from './figure-font.ts';
import { INITIAL_STYLE, type InheritedStyle, inherit, textStart } from './inherited-style.ts';
import type { SvgElement } from './svg-element.ts';

type Pdf = PDFKit.PDFDocument;

/** A figure as one page of its size, in vectors, with its texts as texts in an embedded subset of the font. */
export async function figurePdf(figure: DrawnFigure, font: FigureFont): Promise<Uint8Array> {
  const { about, root, widthPt, heightPt } = figure;
  const pdf = new PDFDocument({
    size: [widthPt, heightPt],
    margin: 0,
    lang: 'en',
    pdfVersion: '1.4',
    info: { Title: about, Creator: 'Winnow', CreationDate: new Date(0) },
  });
  // PDFKit needs a date for the file's identity; it writes those that it finds by `for … in`.
  Object.defineProperty(pdf.info, 'CreationDate', { enumerable: false });
  const chunks: Uint8Array[] = [];
  const done = new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  pdf.font(font.bytes);
  paint(pdf, root, INITIAL_STYLE, font);
  // Only files of 1.3 go without metadata in XML, which have a date, and in which PDFKit escapes no title.
  Object.assign(pdf, { version: 1.3 });
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

/** The few elements that Plot draws by. */
function paint(pdf: Pdf, element: SvgElement, parent: InheritedStyle, font: FigureFont): void {
  if (element.localName === 'clipPath') return;
  const style = inherit(parent, element);
  const number = (name: string) => Number(element.getAttribute(name) ?? 0);
  pdf.save();
  transform(pdf, element.getAttribute('transform') ?? '');
  clip(pdf, element);
  switch (element.localName) {
    case 'path':
      pdf.path(element.getAttribute('d') ?? '');
      ink(pdf, style);
      break;
    case 'line':
      pdf.moveTo(number('x1'), number('y1')).lineTo(number('x2'), number('y2'));
      ink(pdf, { ...style, fill: 'none' });
      break;
    case 'rect':
      pdf.rect(number('x'), number('y'), number('width'), number('height'));
      ink(pdf, style);
      break;
    case 'circle':
      pdf.circle(number('cx'), number('cy'), number('r'));
      ink(pdf, style);
      break;
    case 'text':
      write(pdf, element, style, font);
      break;
    case 'g':
      for (const child of element.children) paint(pdf, child, style, font);
      break;
    default:
      throw new RangeError(`No <${element.localName}> can be painted`);
  }
  pdf.restore();
}

function transform(pdf: Pdf, list: string): void {
  for (const [, name, values] of list.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b = 0] = values!.split(/[\s,]+/).map(Number);
    if (name === 'translate') pdf.translate(a, b);
    else if (name === 'rotate') pdf.rotate(a);
    else throw new RangeError(`No ${name} can be painted`);
  }
}

/** By a rectangle, as Plot clips to its frame. */
function clip(pdf: Pdf, element: SvgElement): void {
  const id = /^url\(#(.*)\)$/.exec(element.getAttribute('clip-path') ?? '')?.[1];
  if (id === undefined) return;
  const frame = element.parentElement!.querySelector(`clipPath[id="${id}"] rect`)!;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) =>
    Number(frame.getAttribute(name)),
  );
  pdf.rect(x!, y!, width!, height!).clip();
}

function ink(pdf: Pdf, style: InheritedStyle): void {
  const [isFilled, isStroked] = [style.fill !== 'none', style.stroke !== 'none'];
  if (isFilled) pdf.fillColor(style.fill, style.fillOpacity);
  if (isStroked) {
    pdf.strokeColor(style.stroke, style.strokeOpacity).lineWidth(style.strokeWidth);
    pdf.lineCap(style.lineCap).lineJoin(style.lineJoin);
    if (style.dash === 'none') pdf.undash();
    else {
      const dashes = style.dash.split(/[\s,]+/).map(Number);
      // PDFKit takes a list where the types know of a length only.
      pdf.dash(dashes as unknown as number, {});
    }
  }
  if (isFilled && isStroked) pdf.fillAndStroke();
  else if (isFilled) pdf.fill();
  else if (isStroked) pdf.stroke();
}

function write(pdf: Pdf, element: SvgElement, style: InheritedStyle, font: FigureFont): void {
  const text = element.textContent ?? '';
  if (text === '') return;
  const [x, y] = textStart(element, style, font.widthOf(text, style.fontSize));
  pdf.fillColor(style.fill, style.fillOpacity).fontSize(style.fontSize);
  pdf.text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
}
