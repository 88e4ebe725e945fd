/** Verdana has the widths of DejaVu Sans, so that a layout made for one holds where only the other is installed. */
export const FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif";
export const FONT_SIZE = 14;

/** Width of every picture in CSS pixels; about that of a README's column. */
export const WIDTH = 900;

export const INK = '#24292f';
export const QUIET = '#656d76';
export const RULE = '#e3e6ea';
export const ALARM = '#b3261e';

// From Okabe and Ito, without their yellow, which is too pale for text on white, and a violet and a brown.
const METHOD_COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#b8578f',
  '#e69f00',
  '#56b4e9',
  '#5b3f95',
  '#7f5539',
];

/** The colour of the `index`-th thing compared; comes round again after eight. */
export function colourOf(index: number): string {
  return METHOD_COLOURS[index % METHOD_COLOURS.length]!;
}

/** About how many pixels wide a line is, since nothing here can measure text; rather too many than too few. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  return text.length * fontSize * (bold ? 0.7 : 0.58);
}
