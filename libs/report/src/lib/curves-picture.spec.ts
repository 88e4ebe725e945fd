import { describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { curvesPicture, type CurveRow } from './curves-picture.ts';

const draw = (rows: CurveRow[]) => parseHTML(curvesPicture({ title: 'Run', rows })).document;

describe('curvesPicture', () => {
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

  it('refuses rows without a series', () => {
    expect(() => draw([{ phase: 'train', step: 0 }])).toThrow(RangeError);
  });
});
