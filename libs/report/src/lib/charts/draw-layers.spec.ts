import { describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { drawLayers } from './draw-layers.ts';

const draw = (...layers: [name: string, size: number, kept: number][]) =>
  parseHTML(
    drawLayers({
      title: 'Layers',
      layers: layers.map(([name, size, kept]) => ({ name, size, kept })),
    }),
  ).document;

describe('drawLayers', () => {
  it('draws densities on a log scale and marks collapsed layers', () => {
    const picture = draw(['a', 1000, 1000], ['b', 2000, 20], ['c', 500, 0], ['d', 1000, 1]);
    const bars = [...picture.querySelectorAll('.density rect')];
    const [a, b, d] = bars.map((bar) => Number(bar.getAttribute('width')));
    expect(bars).toHaveLength(3);
    expect(a! - b!).toBeCloseTo(2 * (b! - d!), 6);
    expect(d).toBeGreaterThan(0);
    expect(picture.querySelectorAll('.collapsed path')).toHaveLength(1);
    expect([...picture.querySelectorAll('.kept text')].map((text) => text.textContent)).toEqual([
      '1,000 / 1,000',
      '20 / 2,000',
      '1 / 1,000',
      '0 / 500  collapsed',
    ]);
    expect(picture.documentElement.outerHTML).toContain('1,021 of 4,500 weights kept (22.7 %)');
  });

  it('leaves the sparsest layer a bar, on whichever side of a power of ten it is', () => {
    for (const kept of [100, 101, 199]) {
      const picture = draw(['a', 10_000, 10_000], ['b', 10_000, kept]);
      const widths = [...picture.querySelectorAll('.density rect')].map((bar) =>
        Number(bar.getAttribute('width')),
      );
      // From 0.1 % on, a third of three decades at least.
      expect(widths[1]! / widths[0]!).toBeGreaterThan(0.3);
    }
  });

  it('draws a ticket that keeps nothing at all', () => {
    expect(draw(['a', 10, 0]).querySelectorAll('.collapsed path')).toHaveLength(1);
  });

  it('refuses impossible layers', () => {
    expect(() => draw()).toThrow(RangeError);
    expect(() => draw(['a', 10, 11])).toThrow('Layer a cannot keep 11 of 10 weights');
    expect(() => draw(['a', 0, 0])).toThrow(RangeError);
  });
});
