import { describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { type CurveRow, hasCurves } from './curve-rows.ts';
import { drawCurves } from './draw-curves.ts';

const draw = (rows: CurveRow[]) => parseHTML(drawCurves({ title: 'Run', rows })).document;

describe('drawCurves', () => {
  it('draws a plot a series a phase, in order, with the last value beside the name', () => {
    const search = Array.from({ length: 5000 }, (_, step) => ({
      phase: 'search',
      step,
      loss: step === 2345 ? 9 : 1,
      density: 0.5 * Math.exp(-step / 700),
    }));
    const picture = draw([
      ...search,
      { phase: 'train', step: 0, loss: Number.NaN, note: 'not a series' },
      { phase: 'train', step: 1, loss: 0.5, accuracy: 0.89 },
    ]);
    const captions = [...picture.querySelectorAll('svg > text')].map((text) => text.textContent);
    expect(captions.slice(2)).toEqual(
      'search,loss,→ 1,density,→ 0.0396 %,train,loss,→ 0.5,accuracy,→ 89.0 %'.split(','),
    );
    expect(picture.querySelectorAll('svg > svg')).toHaveLength(4);
    const paths = [...picture.querySelectorAll('[aria-label=line] path')];
    const points = paths[0]!.getAttribute('d')!.split('L');
    expect(points.length).toBeLessThanOrEqual(400);
    const heights = points.map((point) => Number(point.split(',')[1]));
    // The one spike survives.
    expect(heights.filter((y) => y < Math.max(...heights))).toHaveLength(1);
  });

  it('draws a target across the plot of what aims at it', () => {
    const rows = [0.2, 0.4, 0.3].map((density, step) => ({
      phase: 'search',
      step,
      density,
      targetDensity: 0.22,
      lambda: 1 + step,
    }));
    const picture = draw(rows);
    const captions = [...picture.querySelectorAll('svg > text')].map((text) => text.textContent);
    expect(captions.slice(3)).toEqual(['density, target 22 %', '→ 30 %', 'lambda', '→ 3']);
    const [target, density] = [...picture.querySelectorAll('[aria-label=line] path')].map((path) =>
      path
        .getAttribute('d')!
        .slice(1)
        .split('L')
        .map((point) => Number(point.split(',')[1])),
    );
    // Level, between the first value and the last, and as high as they say.
    const [first, , last] = density!;
    expect(new Set(target).size).toBe(1);
    expect((first! - target![0]!) / (first! - last!)).toBeCloseTo(0.2, 2);
  });

  it('has ticks that are told apart where a loss hardly moves', () => {
    const rows = [2.30252, 2.3026, 2.30268].map((loss, step) => ({ phase: 'train', step, loss }));
    const ticks = [...draw(rows).querySelectorAll('[aria-label="y-axis tick label"] text')];
    // Between nice ends, 2.30252 and 2.30268.
    expect(ticks.map((text) => text.textContent)).toEqual(['2.30255', '2.30260', '2.30265']);
  });

  it('draws no series that says nothing', () => {
    const rows = [1, 2, 3].map((step) => ({
      phase: 'train',
      step,
      epoch: step,
      learningRate: 0.1,
      loss: 1 / step,
    }));
    expect(draw(rows).querySelectorAll('svg > svg')).toHaveLength(1);
    expect(hasCurves(rows)).toBe(true);
    expect(hasCurves(rows.map(({ loss, ...rest }) => rest))).toBe(false);
  });

  it('refuses rows without a series', () => {
    expect(() => draw([{ phase: 'train', step: 0 }])).toThrow(RangeError);
  });
});
