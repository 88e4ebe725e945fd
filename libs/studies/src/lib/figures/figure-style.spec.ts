import { describe, expect, it } from '@jest/globals';
import type { PointsPanel } from '@winnow/report/figures';
import { looksOf } from './figure-looks.ts';
import type { ToldFigure } from './figure-runs.ts';
import { parseStyle } from './figure-style.ts';
import { groupsAlong } from './sample-groups.ts';
import { styledFigure } from './styled-figure.ts';

const place = { path: 'style.yaml', lineOf: (path: readonly PropertyKey[]) => path.length };
const parse = (content: unknown) => parseStyle(content, place);

describe('a style', () => {
  it.each([
    [{ serie: {} }, /line 1: there is no "serie" here\. Did you mean "series"\?/],
    [{ accuracy: { top: 1 } }, /line 2: there is no "top" here\. .*from, to\.$/],
    [{ accuracy: { from: 80, to: 70 } }, /"accuracy" does not go from less to more\. See docs/],
    [{ accuracy: { to: 101 } }, /"to" of "accuracy" must be at most 100\./],
    [{ series: { cts: { colour: 'red' } } }, /line 3: "colour" of "cts" .* is no colour such as/],
    [{ series: { cts: { color: '#000000' } } }, /line 3: there is no "color" here\. .*"colour"/],
    [{ series: { cts: 1 } }, /"cts" of "series" is neither a name nor a map/],
    [
      { series: { cts: { marker: 'round' } } },
      /line 3: "marker" of "cts" of "series" must be circle or square or /,
    ],
    [{ panels: 1 }, /"panels" is neither a list nor a map/],
    [{ fontSize: 'big' }, /"fontSize" must be a number/],
    [{ interval: 'box' }, /"interval" must be bars or band or none/],
  ])('%j is told by its line', (content, message) => {
    expect(() => parse(content)).toThrow(
      expect.objectContaining({ code: 'BAD_STYLE', message: expect.stringMatching(message) }),
    );
  });
});

const panel = (name: string): PointsPanel => ({
  ...{ kind: 'points', name, levels: [] },
  x: { label: 'Weights', column: 'density', unit: 'percent', scale: 'log' },
  y: { label: 'Accuracy', column: 'testAccuracy', unit: 'percent', scale: 'linear' },
  groups: groupsAlong(
    ['cts', 'snip', 'random'].map((series) => ({ series, seed: 1, x: 0.1, value: 0.5 })),
  ),
});
const panels = [panel('a'), panel('b')];
const figure: ToldFigure = { about: '', panels, looks: looksOf(panels), notes: [] };

const styled = (content: object) => styledFigure(figure, parse(content));

describe('a figure with a style', () => {
  it('has its names, looks and order, in legend and panels', () => {
    const { looks, panels } = styled({
      series: { random: 'Random', cts: { colour: '#123456', dash: 'solid', marker: 'star' } },
    });
    expect(looks.map(({ name }) => name)).toEqual(['Random', 'cts', 'snip']);
    expect(looks[1]).toMatchObject({ colour: '#123456', dash: 'none', marker: 'star' });
    const [first] = panels as [PointsPanel];
    expect(first.groups.map(({ series }) => series)).toEqual(['random', 'cts', 'snip']);
  });

  it('has the series and the panels that are wanted', () => {
    const { panels } = styled({ hide: ['snip'], panels: { b: 'Second', a: 'First' } });
    expect(panels.map(({ name }) => name)).toEqual(['Second', 'First']);
    const [first] = panels as [PointsPanel];
    expect(first.groups.map(({ series }) => series)).toEqual(['cts', 'random']);
    expect(() => styled({ panels: ['c'] })).toThrow(expect.objectContaining({ code: 'NO_FIGURE' }));
  });

  it('keeps the rows of panels', () => {
    const rows = ['1', '2'].flatMap((row) => ['a', 'b'].map((name) => ({ ...panel(name), row })));
    const { panels } = styledFigure({ ...figure, panels: rows }, parse({ panels: ['b', 'a'] }));
    expect(panels.map(({ name, row }) => `${name}${row}`)).toEqual(['b1', 'a1', 'b2', 'a2']);
  });

  it('has its axes', () => {
    const { panels } = styled({ labels: { Accuracy: 'Top 1' }, accuracy: { from: 40 } });
    expect(panels[0]!.y).toMatchObject({ label: 'Top 1', from: 0.4, to: undefined });
    expect(panels[0]!.x).toEqual(figure.panels[0]!.x);
  });

  it('notes what it names and the figure lacks', () => {
    expect(styled({ series: { a: 'A', cts: 'B', c: 'C', d: 'D' } }).notes).toEqual([
      expect.stringMatching(
        /^style.yaml, line 2: this figure has no series "a", nor "c" \(line 2\), nor "d" \(line 2\)\. Known/,
      ),
    ]);
    expect(styled({ series: { snipp: 'SNIP' }, hide: ['dense'] }).notes).toEqual([
      expect.stringMatching(/^style.yaml, line 2: this figure has no series "snipp". .*"snip"/),
      expect.stringMatching(/^style.yaml, line 2: this figure has no series "dense"/),
    ]);
  });
});
