import { expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { type ObjectivePanel, drawObjectives } from './draw-objectives.ts';

const results = (method: string, density: number, ...values: number[]) =>
  values.map((value, seed) => ({ method, seed, density, value }));

function draw(...panels: ObjectivePanel[]) {
  const { document } = parseHTML(drawObjectives({ title: 'T', subtitle: 'S', panels }));
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return {
    texts: (name: string) => all(`.${name} text`).map((text) => text.textContent),
    numbers: (selector: string, attribute: string) =>
      all(selector).map((mark) => Number(mark.getAttribute(attribute))),
    ticks: () => all('[aria-label="y-axis tick label"] text').map((text) => text.textContent),
    count: (selector: string) => all(selector).length,
    captions: () => all('svg > text').map((text) => text.textContent),
  };
}

const kl: ObjectivePanel = {
  objective: 'kl',
  results: [
    ...results('cts', 0.1, 1, 3),
    ...results('cts', 0.01, 5, 7),
    ...results('snip', 0.1, 4),
    ...results('snip', 0.01, 8),
  ],
  dense: 0,
};

it('draws a line a method, sparser to the right and lower values lower, with one key', () => {
  const picture = draw(kl, { objective: 'loss', results: results('cts', 0.1, 2) });
  expect(picture.captions()).toEqual(expect.arrayContaining(['kl', 'loss']));
  expect(picture.texts('legend')).toEqual(['cts', 'snip', 'dense']);
  expect(picture.texts('density')).toEqual(['1 %', '10 %']);
  const [sparseX, denseX] = picture.numbers('.points circle', 'cx');
  expect(sparseX).toBeGreaterThan(denseX!);
  // Means 6 and 2 of cts, 8 and 4 of snip, on one linear scale; pixels grow downwards.
  const [six, two, eight, four] = picture.numbers('.points circle', 'cy') as [
    number,
    number,
    number,
    number,
  ];
  expect((two - six) / (four - eight)).toBeCloseTo(1, 6);
  expect((two - six) / (two - four)).toBeCloseTo(2, 6);
  expect(picture.count('.dense line')).toBe(1);
});

it('takes a log scale where values lie far apart, without what has no place on it', () => {
  const wide = draw({
    objective: 'kl',
    results: [
      ...results('cts', 0.1, 0.01),
      ...results('cts', 0.01, 1),
      ...results('cts', 0.001, 100),
    ],
    dense: 0,
  });
  const [a, b, c] = wide.numbers('.points circle', 'cy') as [number, number, number];
  expect(b - a).toBeCloseTo(c - b, 6);
  expect(wide.count('.dense line')).toBe(0);
});

it('has the dense network in the panel, and in the key only where it is drawn', () => {
  const far = [...results('cts', 0.1, 0.5), ...results('snip', 0.1, 20)];
  const small = draw({ objective: 'loss', results: far, dense: 0.001 });
  const [y] = small.numbers('.dense line', 'y1');
  expect(y).toBeGreaterThan(0);
  expect(y).toBeLessThan(224);
  const none = draw({ objective: 'kl', results: far, dense: 0 });
  expect([none.texts('legend'), none.count('.dense line')]).toEqual([['cts', 'snip'], 0]);
});

it('has ticks that are told apart where values hardly differ', () => {
  const near = [...results('cts', 0.1, 2.30252), ...results('cts', 0.01, 2.30268)];
  const { ticks } = draw({ objective: 'loss', results: near });
  expect(ticks()).toEqual(['2.30255', '2.30260', '2.30265']);
});

it('puts methods side by side where there is one density', () => {
  const strip = draw({
    objective: 'kl',
    results: [...results('cts', 0.1, 1), ...results('snip', 0.1, 1), ...results('ltr', 0.1, 1)],
  });
  const [a, b, c] = strip.numbers('.points circle', 'cx') as [number, number, number];
  expect(b - a).toBeGreaterThan(20);
  expect(c - b).toBeCloseTo(b - a, 6);
});

it('refuses to draw nothing', () => {
  expect(() => draw({ objective: 'kl', results: [] })).toThrow(RangeError);
});

it.each([[0.5], [0]])('has room around a lone value of %d, and no deviation', (value) => {
  const alone = draw({ objective: 'kl', results: results('cts', 0.1, value, value, value) });
  const [at] = alone.numbers('.points circle', 'cy');
  const grid = alone.numbers('[aria-label="y-grid"] line', 'y1');
  expect(at).toBeGreaterThan(Math.min(...grid));
  expect(at).toBeLessThan(Math.max(...grid));
  expect(alone.numbers('[aria-label="rule"] line', 'y1')).toEqual([at]);
  expect(alone.numbers('[aria-label="rule"] line', 'y2')).toEqual([at]);
});
