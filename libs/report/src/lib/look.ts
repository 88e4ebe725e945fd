/** Verdana has the widths of DejaVu Sans, so that a layout made for one holds where only the other is installed. */
const FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif";

/** How a chart is drawn, whatever it shows. */
export interface Look {
  /** In CSS pixels. */
  readonly width: number;
  /** Of what stands beside a plot, in pixels; within one it is a pixel less. */
  readonly fontSize: number;
  readonly fontFamily: string;
  /** Whether there is a heading over the plots, on a ground of its own; a page has both already. */
  readonly standalone: boolean;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly alarm: string;
  readonly ground: string;
  /** Of the things compared, in turn. */
  readonly colours: readonly string[];
}

/** From Okabe and Ito, without their yellow, the pale ones darkened to 3 : 1 on white, and a violet and a brown. */
export const COLOURS_ON_LIGHT = [
  '#0072b2',
  '#cc5500',
  '#00805c',
  '#b8578f',
  '#a87000',
  '#2f8ac0',
  '#5b3f95',
  '#7f5539',
];

/** A file of its own: about as wide as a README's column, on white. */
export const ON_PAPER: Look = {
  width: 900,
  fontSize: 14,
  fontFamily: FONT_FAMILY,
  standalone: true,
  ink: '#24292f',
  quiet: '#656d76',
  rule: '#e3e6ea',
  alarm: '#b3261e',
  ground: '#ffffff',
  colours: COLOURS_ON_LIGHT,
};

/** Within a page, whose style sheet has the colours. */
const ON_PAGE: Omit<Look, 'width' | 'fontSize'> = {
  fontFamily: 'inherit',
  standalone: false,
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  rule: 'var(--grid)',
  alarm: 'var(--alarm)',
  ground: 'var(--card)',
  colours: COLOURS_ON_LIGHT.map((_, i) => `var(--series-${i + 1})`),
};
export const WIDE: Look = { ...ON_PAGE, width: 880, fontSize: 14 };
/** Of a telephone held upright. */
export const NARROW: Look = { ...ON_PAGE, width: 340, fontSize: 14 };

/** Whether names stand above what they name, since there is no room beside it. */
export const isNarrow = ({ width }: Look) => width < 600;

/** The colour of the `index`-th thing compared; comes round again after eight. */
export function colourOf({ colours }: Look, index: number): string {
  return colours[index % colours.length]!;
}

/** About how many pixels wide a line is, since nothing here can measure text; rather too many than too few. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  return text.length * fontSize * (bold ? 0.7 : 0.58);
}

/** A text in lines that are about as wide as that at most; a word that is wider is broken, and no line begins with a percent sign. */
export function wrapText(text: string, width: number, fontSize: number, bold = false): string[] {
  const most = Math.max(1, Math.floor(width / textWidth('m', fontSize, bold)));
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    const parts = new RegExp(`.{1,${most}}`, 'gu');
    for (const word of paragraph.split(/\s+(?!%)/).flatMap((word) => word.match(parts) ?? '')) {
      const longer = line ? `${line} ${word}` : word;
      if (line && textWidth(longer, fontSize, bold) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line];
  });
}
