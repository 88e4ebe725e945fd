import { describe, expect, it } from '@jest/globals';
import { accuracyPicture } from './charts/accuracy-picture.ts';
import { layerPicture } from './charts/layer-picture.ts';
import { objectivePicture } from './charts/objective-picture.ts';
import { svgToPng } from './png.ts';

const EVIL = '<img src=x onerror=alert(1)>"\'&]]>\x1b[31mred\x1b]0;pwn\x07\0\u202e\ud800';
const SEEN = '<img src=x onerror=alert(1)>"\'&]]>\\x1b[31mred\\x1b]0;pwn\\x07\\x00\\u202e\\ud800';

const result = (density: number) => ({ method: EVIL, seed: 1, density, accuracy: 0.5, value: 0.5 });
const heading = { title: EVIL, subtitle: EVIL };
const pictures: [what: string, svg: string][] = [
  ['strip', accuracyPicture({ ...heading, chance: 0.1, results: [result(0.1)] })],
  ['curves', accuracyPicture({ ...heading, chance: 0.1, results: [result(0.1), result(0.2)] })],
  [
    'objectives',
    objectivePicture({ ...heading, panels: [{ objective: EVIL, results: [result(1)] }] }),
  ],
  ['layers', layerPicture({ title: EVIL, layers: [{ name: EVIL, kept: 1, size: 2 }] })],
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

  it('leave it well-formed', () => {
    expect(() => svgToPng(svg, { width: 100 })).not.toThrow();
  });
});
