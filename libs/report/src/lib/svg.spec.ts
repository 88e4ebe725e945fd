import { describe, expect, it } from '@jest/globals';
import { drawAccuracy } from './charts/draw-accuracy.ts';
import { drawLayers } from './charts/draw-layers.ts';
import { drawObjectives } from './charts/draw-objectives.ts';
import { svgToPng } from './png.ts';

const EVIL = '<img src=x onerror=alert(1)>"\'&]]>\x1b[31mred\x1b]0;pwn\x07\0\u202e\ud800';
const SEEN = '<img src=x onerror=alert(1)>"\'&]]>\\x1b[31mred\\x1b]0;pwn\\x07\\x00\\u202e\\ud800';

const result = (density: number) => ({ method: EVIL, seed: 1, density, accuracy: 0.5, value: 0.5 });
const heading = { title: EVIL, subtitle: EVIL };
const pictures: [what: string, svg: string][] = [
  ['strip', drawAccuracy({ ...heading, chance: 0.1, results: [result(0.1)] })],
  ['curves', drawAccuracy({ ...heading, chance: 0.1, results: [result(0.1), result(0.2)] })],
  [
    'objectives',
    drawObjectives({ ...heading, panels: [{ objective: EVIL, results: [result(1)] }] }),
  ],
  ['layers', drawLayers({ title: EVIL, layers: [{ name: EVIL, kept: 1, size: 2 }] })],
];

/** What a reader of XML makes of the references to characters. */
const read = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');

describe.each(pictures)('names from elsewhere in a picture of %s', (_, svg) => {
  it('are no markup, and act on nothing', () => {
    expect(svg).not.toMatch(/<img|]]>/);
    expect(svg).not.toMatch(/[^\P{Cc}\t\n]|\u202e|\p{Surrogate}/u);
    expect(read(/<title>(.*?)<\/title>/.exec(svg)![1]!)).toBe(SEEN);
  });

  it('leave it well-formed', async () => {
    await expect(svgToPng(svg, { width: 100 })).resolves.toBeInstanceOf(Uint8Array);
  });
});
