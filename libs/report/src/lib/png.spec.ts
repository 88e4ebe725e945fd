import { describe, expect, it } from '@jest/globals';
import { svgToPng } from './png.ts';
import { panelSvg } from './svg.ts';

const picture = (title: string) => panelSvg({ title }, { height: 60, marks: [] });

describe('svgToPng', () => {
  it('paints as wide as asked, with text, on machines without fonts too', async () => {
    const png = Buffer.from(await svgToPng(picture('A & B'), { width: 450 }));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(450);
    expect(png.equals(await svgToPng(picture('C'), { width: 450 }))).toBe(false);
  });

  it('throws at what is no SVG', async () => {
    await expect(svgToPng('<svg', { width: 10 })).rejects.toThrow();
  });
});
