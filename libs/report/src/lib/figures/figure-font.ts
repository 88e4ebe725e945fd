import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { WinnowError } from '@winnow/plugin-api';
import * as fontkit from 'fontkit';

const require = createRequire(import.meta.url);
const FILE = require.resolve('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf');

/** What texts of figures are measured, drawn and embedded in: Arimo, which has the widths of Arial and Helvetica. */
export class FigureFont {
  readonly bytes: Buffer = readFileSync(FILE);
  readonly #font = fontkit.create(this.bytes) as fontkit.Font;

  /** In the unit of the size. */
  widthOf(text: string, size: number): number {
    return (this.#font.layout(text).advanceWidth * size) / this.#font.unitsPerEm;
  }

  /** Throws BAD_STYLE where the font has no glyph for a character. */
  assertDraws(text: string): void {
    const missing = [...text].find(
      (character) => !this.#font.hasGlyphForCodePoint(character.codePointAt(0)!),
    );
    if (missing === undefined) return;
    throw new WinnowError(
      'BAD_STYLE',
      `The font of figures has no “${missing}”, which “${text}” needs.`,
      { hint: 'Write the title, or in a file for --style the name, without it.' },
    );
  }

  /** The text as data of an SVG path whose baseline begins at the origin; y grows downwards. */
  outline(text: string, size: number): string {
    const { glyphs, positions } = this.#font.layout(text);
    const scale = size / this.#font.unitsPerEm;
    let pen = 0;
    return glyphs
      .map(({ path }, i) => {
        const { xAdvance, xOffset, yOffset } = positions[i]!;
        const placed = path.translate(pen + xOffset, yOffset).scale(scale, -scale);
        pen += xAdvance;
        return placed.toSVG();
      })
      .join('');
  }
}
