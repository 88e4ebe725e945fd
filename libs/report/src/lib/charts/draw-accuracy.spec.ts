import { describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { accuracyDomain } from './accuracy-marks.ts';
import { drawAccuracy } from './draw-accuracy.ts';
import { NARROW } from '../look.ts';
import type { MethodResult } from '../seed-statistics.ts';

const runs = (method: string, density: number, ...accuracies: number[]): MethodResult[] =>
  accuracies.map((accuracy, seed) => ({ method, seed, accuracy, density }));

const draw = (...results: MethodResult[]) => {
  const svg = drawAccuracy({ title: 'A & <b>', subtitle: 'Seeds', chance: 0.1, results });
  const { document } = parseHTML(svg);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return {
    svg,
    texts: (name: string) =>
      all(name.includes(' ') ? `.${name}` : `.${name} text`).map((text) => text.textContent),
    numbers: (selector: string, attribute: string) =>
      all(selector).map((mark) => Number(mark.getAttribute(attribute))),
    colours: (selector: string) => all(selector).map((mark) => mark.getAttribute('fill')),
    count: (selector: string) => all(selector).length,
  };
};

it('draws no chance where it is told none', () => {
  const words = (...results: MethodResult[]) => {
    const { document } = parseHTML(drawAccuracy({ title: 'a', subtitle: 'b', results }));
    return document.documentElement.textContent;
  };
  const strip = words(...runs('cts', 0.1, 0.9));
  const curves = words(...runs('cts', 0.1, 0.9), ...runs('cts', 0.01, 0.5));
  for (const told of [strip, curves]) {
    expect(told).toContain('cts');
    expect(told).not.toContain('chance');
  }
});

it('draws no bar for an accuracy of 0', () => {
  const svg = drawAccuracy({ title: 'a', subtitle: 'b', results: runs('cts', 0.1, 0) });
  const { document } = parseHTML(svg);
  expect(document.querySelector('.mean rect')!.getAttribute('width')).toBe('0');
  expect(accuracyDomain([{ mean: 0, std: 0 }], [{ accuracy: 0 }], [])).toEqual([0, 0.1]);
});

describe('drawAccuracy at one density', () => {
  const strip = draw(
    ...runs('dense', 1, 0.983, 0.989, 0.981),
    ...runs('cts', 0.0025, 0.875, 0.906, 0.889),
    ...runs('random', 0.0025, 0.078, 0.083, 0.114),
  );

  it('gives each method, in the order given, a bar to its mean and a dot a seed', () => {
    expect(strip.texts('method')).toEqual(['dense', 'cts', 'random']);
    expect(strip.texts('density')).toEqual([
      '100 % kept, n = 3',
      '0.25 % kept, n = 3',
      '0.25 % kept, n = 3',
    ]);
    expect(strip.texts('mean-label')).toEqual(['98.4 % ± 0.4', '89.0 % ± 1.6', '9.2 % ± 2.0']);
    const rows = strip.numbers('.mean rect', 'y');
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    const widths = strip.numbers('.mean rect', 'width');
    expect(widths[0]! / widths[2]!).toBeCloseTo(0.98433 / 0.09167, 2);
    expect(strip.count('.seeds circle')).toBe(9);
  });

  it('puts dots to the right as accuracy grows, and chance where its value is', () => {
    const [, , , low, high, middle] = strip.numbers('.seeds circle', 'cx');
    expect(low).toBeLessThan(middle!);
    expect(middle).toBeLessThan(high!);
    const [left] = strip.numbers('.mean rect', 'x');
    const [dense] = strip.numbers('.mean rect', 'width');
    const [chance] = strip.numbers('.chance line', 'x1');
    expect((chance! - left!) / dense!).toBeCloseTo(0.1 / 0.98433, 3);
    expect(strip.texts('chance-label')).toEqual(['chance 10 %']);
  });

  it('breaks a name that is too long for its place, and keeps all of its words', () => {
    const name =
      'cts (kl, rewind after 2, epochs 8, drop epochs [4,6], batch size 128, seeds of all)';
    const long = draw(...runs(name, 0.1, 0.5), ...runs('snip', 0.1, 0.4));
    const lines = long.texts('method').slice(0, -1);
    expect(lines.join(' ')).toBe(name);
    expect(lines.length).toBeGreaterThan(1);
  });

  it('escapes what it writes', () => {
    expect(strip.svg).toContain('<title>A &amp; &lt;b&gt;</title>');
  });
});

describe('drawAccuracy at several densities', () => {
  const curves = draw(
    ...runs('dense', 1, 0.98),
    ...runs('magnitude', 0.1, 0.9, 0.92),
    ...runs('magnitude', 0.01, 0.11, 0.13),
    ...runs('cts', 0.01, 0.94, 0.96),
    ...runs('cts', 0.1, 0.95, 0.97),
  );

  it('draws a line and a band a method, sparser to the right', () => {
    expect(curves.count('.mean path')).toBe(2);
    expect(curves.count('.deviation path')).toBe(2);
    expect(curves.texts('density')).toEqual(['1 %', '10 %']);
    expect(curves.texts('sparsity')).toEqual(['99 %', '90 %']);
    const [sparse, dense] = curves.numbers('.points circle', 'cx');
    expect(sparse).toBeGreaterThan(dense!);
    const [collapsed, alive] = curves.numbers('.points circle', 'cy');
    expect(collapsed).toBeGreaterThan(alive!);
  });

  it('labels each line and level with its value, no two labels on top of each other', () => {
    expect(curves.texts('end-labels')).toEqual([
      'magnitude 12.0 %, n = 2',
      'cts 95.0 %, n = 2',
      'dense 98.0 %, n = 1',
      'chance 10.0 %',
    ]);
    expect(curves.count('.levels line')).toBe(2);
    const heights = [
      ...curves.svg.matchAll(/translate\([\d.]+,([\d.]+)\)"[^>]*>(?:magnitude|cts|dense|chance) /g),
    ]
      .map(([, y]) => Number(y))
      .sort((a, b) => a - b);
    expect(heights).toHaveLength(4);
    heights.slice(1).forEach((y, i) => expect(y - heights[i]!).toBeGreaterThan(18));
  });

  it('keeps a method’s colour, whether or not the dense network is there', () => {
    const alone = draw(...runs('magnitude', 0.1, 0.9), ...runs('cts', 0.1, 0.9));
    expect(alone.colours('.mean rect')).toEqual([
      curves.colours('.points circle')[0],
      curves.colours('.points circle')[2],
    ]);
  });
});

describe('drawAccuracy of many methods', () => {
  const ten = Array.from({ length: 10 }, (_, i) => [
    ...runs(`method ${i}`, 0.1, 0.5 + i / 100),
    ...runs(`method ${i}`, 0.01, 0.3, 0.3 + i / 50),
  ]).flat();
  const multiples = draw(...runs('dense', 1, 0.98), ...ten);

  it('gives each a plot on the same axes, before what all reach', () => {
    expect(multiples.count('svg > svg')).toBe(10);
    expect(multiples.count('.mean path')).toBe(10);
    expect(multiples.count('.seeds circle')).toBe(30);
    expect(multiples.count('.levels line')).toBe(20);
    const ranges = [...multiples.svg.matchAll(/class="range"[^>]*><path d="([^"]*)"/g)];
    expect(new Set(ranges.map(([, path]) => path)).size).toBe(1);
    expect(multiples.texts('density').slice(0, 2)).toEqual(['10 %', '1 %']);
    expect(multiples.svg).toContain('>39.0 % at 1 %, n = 2<');
  });

  it('says how many are more than it has plots for', () => {
    const many = Array.from({ length: 123 }, (_, i) => [
      ...runs(`m${i}`, 0.1, 0.5),
      ...runs(`m${i}`, 0.2, 0.5),
    ]).flat();
    const { svg, count } = draw(...many);
    expect(count('svg > svg')).toBe(120);
    expect(svg).toContain('>3 more methods stand in the table.<');
    const single = draw(...many.filter((_, i) => i % 2 === 0));
    expect(single.count('.mean rect')).toBe(120);
    expect(single.texts('more')).toEqual(['3 more methods stand in the table.']);
  });
});

describe('drawAccuracy on a narrow page', () => {
  const narrow = (...results: MethodResult[]) =>
    parseHTML(drawAccuracy({ title: 'a', subtitle: 'b', chance: 0.1, results }, NARROW)).document;
  const curves = narrow(...runs('cts', 0.1, 0.9, 0.92), ...runs('cts', 0.01, 0.5, 0.7));

  it('has no heading, and letters of 12 pixels and more', () => {
    expect(curves.querySelector('svg')!.getAttribute('width')).toBe('340');
    expect(curves.querySelectorAll('svg > text, title')).toHaveLength(0);
    const sizes = [...curves.querySelectorAll('[font-size]')].map((element) =>
      Number(element.getAttribute('font-size')),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });

  it('names lines below, where beside them is no room', () => {
    const names = [...curves.querySelectorAll('.legend text')].map((text) => text.textContent);
    expect(names).toEqual(['cts 60.0 %, n = 2', 'chance 10.0 %']);
    expect(curves.querySelectorAll('.end-labels text')).toHaveLength(0);
  });

  it('draws a point a seed where its accuracy is, and bars under names', () => {
    const [low, high] = [...curves.querySelectorAll('.seeds circle')]
      .slice(2)
      .map((dot) => Number(dot.getAttribute('cy')));
    const [mean] = [...curves.querySelectorAll('.points circle')].map((dot) =>
      Number(dot.getAttribute('cy')),
    );
    expect((low! + high!) / 2).toBeCloseTo(Number(mean), 1);
    const strip = narrow(...runs('cts', 0.1, 0.9, 0.92), ...runs('snip', 0.1, 0.3));
    const widths = [...strip.querySelectorAll('.mean rect')].map((bar) =>
      Number(bar.getAttribute('width')),
    );
    expect(widths[0]! / widths[1]!).toBeCloseTo(0.91 / 0.3, 2);
  });
});

it('begins at 0 unless all lies far above', () => {
  const ticks = (...results: MethodResult[]) =>
    [...parseHTML(draw(...results).svg).document.querySelectorAll('[aria-label*="y-axis"] text')]
      .map((tick) => tick.textContent)
      .slice(0, 1);
  expect(ticks(...runs('cts', 0.1, 0.72), ...runs('cts', 0.2, 0.85))).toEqual(['70 %']);
  expect(ticks(...runs('cts', 0.1, 0.32), ...runs('cts', 0.2, 0.85))).toEqual(['0 %']);
});

it('shows the dense network below all tickets, and a height where all are alike', () => {
  const dense = [
    ...runs('dense', 1, 0.8985),
    ...runs('cts', 0.2, 0.906),
    ...runs('cts', 0.5, 0.91),
  ];
  expect(draw(...dense).svg).toContain('dense 89.8 %');
  const points = (accuracy: number) => [{ mean: accuracy, std: 0 }];
  expect(accuracyDomain(points(1), [], [])).toEqual([0.9, 1]);
  expect(accuracyDomain(points(0.7), [], [])).toEqual([0.6, 0.7]);
});

it('refuses no results, and percentages where fractions belong', () => {
  expect(() => draw()).toThrow(RangeError);
  expect(() => draw(...runs('cts', 0.1, 89))).toThrow('cts, seed 0: accuracy 89');
});
