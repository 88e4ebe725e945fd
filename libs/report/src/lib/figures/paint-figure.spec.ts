import { inflateSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import type { Figure } from './figure.ts';
import { paintFigure } from './paint-figure.ts';
import { lookOf } from './series-look.ts';

const figure: Figure = {
  about: 'Accuracy of (A)',
  looks: [lookOf('cts', 0)],
  panels: [
    {
      kind: 'points',
      name: '',
      x: { label: 'Density', column: 'density', unit: 'percent', scale: 'log', ticks: [0.1, 0.2] },
      y: { label: 'Accuracy', column: 'accuracy', unit: 'percent', scale: 'linear' },
      groups: [0.1, 0.2].map((x) => ({
        ...{ series: 'cts', x, mean: x, interval: [x - 0.05, x + 0.05] as const },
        samples: [{ seed: 1, x, value: x }],
      })),
      levels: [],
    },
  ],
};
const pdf = async () =>
  Buffer.from((await paintFigure(figure, { columns: 1 }, 'pdf')) as Uint8Array).toString('latin1');

it('makes a PDF of one page, 85 mm wide, with its font embedded and no date', async () => {
  const text = await pdf();
  expect(text.startsWith('%PDF-1.4')).toBe(true);
  const [, width] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)!;
  expect((Number(width) * 25.4) / 72).toBeCloseTo(85, 1);
  expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
  for (const part of ['/Subtype /CIDFontType2', '/FontFile2', '/ToUnicode'])
    expect(text.includes(part)).toBe(true);
  expect(/Type3|CreationDate|\d{4}-\d\d-\d\d/.test(text)).toBe(false);
});

it('keeps texts of a PDF as texts', async () => {
  const streams = [...(await pdf()).matchAll(/stream\n([^]*?)\nendstream/g)].flatMap(([, body]) => {
    try {
      return [inflateSync(Buffer.from(body!, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
  // Density, Accuracy, cts, 10 and 20, and at least two ticks beside.
  expect(streams.join('').match(/\bT[jJ]\b/g)!.length).toBeGreaterThanOrEqual(7);
  // The label of the axis that goes up.
  expect(/^0 -1 1 0 0 0 cm$/m.test(streams.join(''))).toBe(true);
  const told = streams.find((stream) => stream.includes('beginbfrange'))!;
  for (const letter of 'Density')
    expect(told).toContain(`<${letter.codePointAt(0)!.toString(16).padStart(4, '0')}>`);
});

it('makes the same bytes each time', async () => {
  for (const format of ['pdf', 'svg', 'png'] as const) {
    const [first, again] = [
      await paintFigure(figure, { columns: 1 }, format),
      await paintFigure(figure, { columns: 1 }, format),
    ];
    expect(Buffer.from(again as string).equals(Buffer.from(first as string))).toBe(true);
  }
});

it('paints a PNG of 600 dots an inch', async () => {
  const png = Buffer.from((await paintFigure(figure, { columns: 2 }, 'png')) as Uint8Array);
  expect(png.readUInt32BE(16)).toBe(Math.round((178 / 25.4) * 600));
});
