import { describe, expect, it } from '@jest/globals';
import { drawFigure } from './draw-figure.ts';
import type { Axis, CurvesPanel, Figure, FigureLayout, Group, PointsPanel } from './figure.ts';
import { FigureFont } from './figure-font.ts';
import { figureSvg } from './figure-svg.ts';
import { levelLook, lookOf } from './series-look.ts';
import type { SvgElement } from './svg-element.ts';

const font = new FigureFont();
const MM = 72 / 25.4;

const x: Axis = {
  label: 'Weights remaining (%)',
  column: 'density',
  unit: 'percent',
  scale: 'log',
  reversed: true,
  ticks: [0.1, 0.01, 0.001],
};
const y: Axis = { label: 'Accuracy (%)', column: 'accuracy', unit: 'percent', scale: 'linear' };

const group = (series: string, x: number, ...values: number[]): Group => ({
  series,
  x,
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  interval: values.length > 1 ? [Math.min(...values), Math.max(...values)] : null,
  samples: values.map((value, seed) => ({ seed, x, value })),
});

const panel = (groups: readonly Group[], own: Partial<PointsPanel> = {}): PointsPanel => ({
  kind: 'points',
  name: 'resnet8 on digits',
  x,
  y: { ...y, from: 0, to: 1 },
  groups,
  levels: [],
  ...own,
});

const figure = (...panels: Figure['panels']): Figure => ({
  about: 'Accuracy',
  panels,
  looks: [...['cts', 'snip'].map(lookOf), levelLook('dense'), levelLook('chance')],
});

const draw = (of: Figure, layout: Partial<FigureLayout> = {}) => {
  const drawn = drawFigure(of, { columns: 1, ...layout }, font);
  const all = (selector: string) => [...drawn.root.querySelectorAll(selector)];
  const place = (marker: SvgElement) => {
    const [, x, y] = /^translate\((.+),(.+)\)$/.exec(marker.getAttribute('transform') ?? '') ?? [];
    const at = (name: string, moved = '') => Number(marker.getAttribute(name) ?? moved);
    return [at('cx', x), at('cy', y)] as const;
  };
  return {
    ...drawn,
    count: (selector: string) => all(selector).length,
    markers: all('.marker > *').map(place),
    texts: all('text').map((text) => text.textContent),
    lines: (selector: string) => all(selector).map((line) => Number(line.getAttribute('y1'))),
  };
};

const curve = [group('cts', 0.1, 0.9), group('cts', 0.01, 0.5, 0.7), group('cts', 0.001, 0.25)];

describe('a figure', () => {
  it('has crosses in the place of what a log axis has none for', () => {
    const log = { y: { ...y, scale: 'log' } } as const;
    const { count } = draw(figure(panel([group('cts', 0.1, 0.5, 0), group('cts', 0.01, 0)], log)));
    // Crosses: of the second density, and of the seed at 0 of the first.
    expect([count('.marker > *'), count('.sample > *'), count('.none-left > *')]).toEqual([
      1, 1, 2,
    ]);
  });

  it('has the layers of two networks each under its own names', () => {
    const layersOf = (name: string, names: readonly string[]) =>
      panel(
        names.map((_, i) => group('cts', i + 1, 0.5)),
        { name, x: { ...x, label: 'Layer', scale: 'linear', ticks: [1, 2], names } },
      );
    const { texts } = draw(
      figure(layersOf('lenet', ['fc1', 'fc2']), layersOf('conv2', ['conv1', 'conv2'])),
    );
    expect(texts).toEqual(expect.arrayContaining(['fc1', 'fc2', 'conv1', 'conv2']));
  });

  it('has shorter rows where names have no room, unless it is told how long they are', () => {
    const long = ['a', 'b', 'c'].map((name) => panel(curve, { name: name.repeat(50) }));
    const places = (of: ReturnType<typeof draw>) => new Set(of.markers.map(([at]) => at)).size;
    const fitting = draw(figure(...long), { columns: 2 });
    expect(fitting.texts).toEqual(expect.arrayContaining(long.map(({ name }) => name)));
    expect(places(fitting)).toBeLessThan(9);
    expect(() => draw(figure(...long), { columns: 2, panelsPerRow: 3 })).toThrow('is too wide');
  });

  it('puts means where density and accuracy are on its axes', () => {
    const { markers } = draw(figure(panel(curve)), { panelHeightMm: 36, interval: 'none' });
    const [a, b, c] = markers.map(([x]) => x);
    expect(b! - a!).toBeGreaterThan(50);
    expect(c! - b!).toBeCloseTo(b! - a!, 6);
    // Below 6 points for half a marker, 36 mm are 100 %.
    const heights = [0.9, 0.6, 0.25].map((accuracy) => 6 + (1 - accuracy) * 36 * MM);
    markers.forEach(([, y], i) => expect(y).toBeCloseTo(heights[i]!, 6));
  });

  it('is as wide as one column or two, and fills that', () => {
    const one = draw(figure(panel(curve)));
    const two = draw(figure(panel(curve)), { columns: 2 });
    expect(one.widthPt / MM).toBeCloseTo(85, 9);
    expect(two.widthPt / MM).toBeCloseTo(178, 9);
    const reach = (markers: typeof one.markers) => markers[2]![0] - markers[0]![0];
    // 93 mm more, with 7 % of what lies between the outer ones at each end.
    expect(reach(two.markers) - reach(one.markers)).toBeCloseTo((93 * MM) / 1.14, 6);
  });

  it('has a dot a seed, a bar where there is an interval, and a line through the means', () => {
    const { count } = draw(figure(panel(curve)));
    expect([count('.sample circle'), count('.interval line'), count('.mean path')]).toEqual([
      4, 1, 1,
    ]);
    const of = (own: readonly Group[]) => draw(figure(panel(own)), { interval: 'band' });
    const band = of([...curve.slice(1), group('cts', 0.1, 0.8, 0.9)]);
    expect([band.count('.interval path'), band.count('.interval line')]).toEqual([1, 0]);
    // A band of one interval would not be seen.
    expect([of(curve).count('.interval path'), of(curve).count('.interval line')]).toEqual([0, 1]);
    const none = draw(figure(panel(curve)), { interval: 'none' });
    expect(none.count('.interval path') + none.count('.interval line')).toBe(0);
  });

  it('joins what a series has at several costs, each at its own', () => {
    const cost: Axis = { label: 'Minutes', column: 'minutes', unit: 'number', scale: 'linear' };
    const groups = [group('cts', 2, 0.5), group('cts', 8, 0.6), group('snip', 8, 0.4)];
    const of = (own: Partial<PointsPanel>) => draw(figure(panel(groups, { x: cost, ...own })));
    const { root } = of({ exactX: true });
    const lines = [...root.querySelectorAll('.mean path')].map((path) => path.getAttribute('d'));
    expect(lines.filter((d) => d!.includes('L'))).toHaveLength(1);
    const aside = (drawn: typeof root) =>
      [...drawn.querySelectorAll('.marker')].map((marker) => marker.getAttribute('transform'));
    expect(new Set(aside(root)).size).toBe(1);
    expect(new Set(aside(of({}).root)).size).toBe(2);
    // In the legend a line wherever there is one in some panel.
    const legendLines = (...panels: PointsPanel[]) =>
      draw(figure(...panels)).count('[aria-label="link"] path');
    const one = panel([group('cts', 2, 0.5)], { x: cost, exactX: true, name: 'one' });
    const many = panel(groups.slice(0, 2), { x: cost, exactX: true, name: 'many' });
    expect([legendLines(one, many), legendLines(many, one), legendLines(one)]).toEqual([1, 1, 0]);
  });

  it('has a legend of what it draws, and a title where one is asked for', () => {
    expect(draw(figure(panel(curve))).texts).toEqual([
      'cts',
      ...['10', '1', '0.1'],
      ...['0', '20', '40', '60', '80', '100'],
      ...['Weights remaining (%)', 'Accuracy (%)'],
    ]);
    expect(draw(figure(panel(curve)), { title: 'A & <b>' }).texts[0]).toBe('A & <b>');
  });

  it('breaks names of the legend that are wider than the figure', () => {
    const name = 'cts (kl, short, gradbalance, no leave out given, rewind after 9, epochs 160)';
    const looks = [{ ...lookOf('cts', 0), name }];
    const [whole, broken] = [2, 1].map((columns) =>
      draw({ ...figure(panel(curve)), looks }, { columns: columns as 1 | 2 }),
    );
    expect(whole!.texts[0]).toBe(name);
    expect(broken!.texts.slice(0, 2).join(' ')).toBe(name);
  });

  it('draws levels, those aside only where the axis reaches them', () => {
    const level = (series: string, mean: number, aside = false) => ({
      ...{ series, mean, interval: null, samples: [], aside },
    });
    const levels = [level('dense', 0.95), level('chance', 0.1, true)];
    const whole = draw(figure(panel(curve, { levels })), { panelHeightMm: 36 });
    expect(whole.texts).toEqual(expect.arrayContaining(['dense', 'chance']));
    expect(whole.lines('.level line')[1]! - whole.lines('.level line')[0]!).toBeCloseTo(
      0.85 * 36 * MM,
      6,
    );
    const fitted = draw(figure(panel(curve, { levels, y })));
    expect(fitted.texts).toContain('dense');
    expect(fitted.texts).not.toContain('chance');
  });

  it('takes a log axis where means are far apart, without a level of 0, and cuts intervals off', () => {
    const wide = [0.01, 1, 100].map((mean, i): Group => ({
      ...group('cts', x.ticks![i]!, mean),
      interval: [-mean, 3 * mean],
    }));
    const level = (series: string, mean: number) => ({
      ...({ series, mean, interval: [-1, 2 * mean], samples: [] } as const),
    });
    const kl: Axis = { label: 'kl', column: 'kl', unit: 'number', scale: 'auto' };
    const drawn = draw(
      figure(panel(wide, { y: kl, levels: [level('dense', 0), level('chance', 0.1)] })),
    );
    const [a, b, c] = drawn.markers.map(([, y]) => y) as [number, number, number];
    expect(a - b).toBeCloseTo(b - c, 6);
    expect(drawn.count('.level line')).toBe(1);
    expect(drawn.texts).toContain('chance');
    expect(drawn.texts).not.toContain('dense');
    const ends = [...drawn.root.querySelectorAll('.interval line, .level-interval rect')].flatMap(
      (mark) => ['y1', 'y2', 'y', 'height'].map((name) => mark.getAttribute(name)),
    );
    expect(ends.filter((end) => end === 'NaN')).toEqual([]);
    expect([drawn.count('.interval line'), drawn.count('.level-interval rect')]).toEqual([3, 1]);
  });

  it('marks a mean of 0 at the end of a log axis', () => {
    const log = { ...y, scale: 'log' } as const;
    const { count, markers } = draw(figure(panel([...curve, group('snip', 0.1, 0)], { y: log })));
    expect(markers).toHaveLength(3);
    expect(count('.none-left path')).toBe(1);
  });

  it('tells once what panels in a row or a column have in common', () => {
    const panels = ['a', 'b', 'c', 'd'].map((name) => panel(curve, { name }));
    const { texts } = draw(figure(...panels), { columns: 2, panelsPerRow: 2 });
    const times = (text: string) => texts.filter((own) => own === text).length;
    expect(['a', 'b', 'c', 'd'].map(times)).toEqual([1, 1, 1, 1]);
    expect([times('Weights remaining (%)'), times('Accuracy (%)'), times('80')]).toEqual([2, 2, 2]);
    expect(times('cts')).toBe(1);
  });

  it('puts panels of one row side by side, and says where a name has no room', () => {
    const grid = ['first', 'second'].flatMap((row) =>
      ['a', 'b', 'c'].map((name) => panel(curve, { name, row })),
    );
    const { markers, texts } = draw(figure(...grid.slice(0, 5)), { columns: 1 });
    const first = markers.filter((_, i) => i % 3 === 0);
    expect(first).toHaveLength(5);
    expect(texts.filter((text) => text === 'a')).toEqual(['a']);
    expect(texts.filter((text) => text === 'Weights remaining (%)')).toHaveLength(3);
    const long = 'm'.repeat(60);
    const called = (name: string) => figure(...grid.map((own) => ({ ...own, name })));
    expect(() => draw(called(long))).toThrow('is too wide');
    expect(draw(called('m'.repeat(20))).texts).toContain('m'.repeat(20));
    expect(() => draw(figure(panel(curve)), { title: long })).toThrow('The title is too wide');
    const looks = [{ ...lookOf('cts', 0), name: long }];
    expect(() => draw({ ...figure(panel(curve)), looks })).toThrow('too wide');
    const rows = { ...panel(curve.slice(0, 1)), kind: 'rows' as const };
    expect(() => draw({ ...figure(rows), looks })).toThrow('too wide');
  });

  it('labels as many densities as have room, the sparsest always', () => {
    const densities = Array.from({ length: 40 }, (_, i) => Number((0.9 ** i).toPrecision(3)));
    const many = densities.map((density) => group('cts', density, 0.5));
    const { texts } = draw(figure(panel(many, { x: { ...x, ticks: densities } })));
    expect(texts).toContain('1.64');
    const labels = texts.filter((text) => densities.some((d) => `${100 * d}` === text));
    expect(labels.length).toBeGreaterThan(5);
    expect(labels.length).toBeLessThan(20);
  });

  it('draws rows, a series each, along the values', () => {
    const rows = [group('snip', 0.01, 0.25), group('cts', 0.01, 0.5, 0.7)];
    const { texts, markers } = draw(
      figure({ ...panel(rows), kind: 'rows', groups: rows, levels: [] }),
    );
    expect(texts).toEqual(expect.arrayContaining(['snip', 'cts', 'Accuracy (%)']));
    expect(texts).not.toContain('Weights remaining (%)');
    expect(markers[1]![1] - markers[0]![1]).toBeCloseTo(13, 6);
  });

  it('draws seeds thin under their mean, and where they are to go', () => {
    const points = [1, 2, 3].map((x) => ({ x, value: 0.1 * x }));
    const seed = (seed?: number) => ({ series: 'cts', seed, points });
    const curves = [seed(1), seed(2), seed(undefined)];
    const whole = { ...y, from: 0, to: 1 };
    const step = { label: 'Step', column: 'step', unit: 'number', scale: 'linear' } as const;
    const drawn = (...targets: CurvesPanel['targets']) =>
      draw(figure({ kind: 'curves', name: '', x: step, y: whole, curves, targets }), {
        panelHeightMm: 36,
      });
    const target = { series: 'cts', value: 0.2 };
    const { count } = drawn(target, { series: 'snip', value: 0.2 });
    expect([count('.seed path'), count('.mean path'), count('.target line')]).toEqual([2, 1, 1]);
    const apart = drawn(target, { series: 'snip', value: 0.35 });
    const [own, other] = apart.lines('.target line') as [number, number];
    expect(own - other).toBeCloseTo(0.15 * 36 * MM, 6);
    const strokes = [...apart.root.querySelectorAll('.target')].map((g) =>
      g.getAttribute('stroke'),
    );
    expect(strokes).toEqual([lookOf('cts', 0).colour, lookOf('snip', 1).colour]);
  });

  it('refuses to draw nothing, a series without a look, and what its font cannot', () => {
    expect(() => draw(figure())).toThrow(RangeError);
    expect(() => draw(figure(panel([group('grasp', 0.1, 0.5)])))).toThrow('"grasp" has no look');
    expect(() => draw(figure(panel(curve)), { title: '漢' })).toThrow(
      expect.objectContaining({ code: 'BAD_STYLE' }),
    );
  });
});

describe('a figure as SVG', () => {
  it('has outlines in place of texts, and its size in millimetres', () => {
    const drawn = draw(figure(panel(curve)), { title: '<img src=x onerror=alert(1)> & \x1b' });
    const svg = figureSvg(drawn, font);
    expect(svg).toMatch(/^<svg [^>]*width="85mm"/);
    expect(svg).not.toMatch(/<text|font-family|<img|\p{Cc}(?<!\n)|<style/u);
    expect(drawn.texts[0]).toBe('<img src=x onerror=alert(1)> & \\x1b');
  });

  it('is the same each time', () => {
    const again = () => figureSvg(draw(figure(panel(curve), panel(curve))), font);
    expect(again()).toBe(again());
  });
});
