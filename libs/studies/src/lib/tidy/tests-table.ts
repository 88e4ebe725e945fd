import { intervalText, meanText } from './means-table.ts';
import { type MethodTest, isOfMethod } from './method-tests.ts';
import type { ResultsTable } from './results-table.ts';
import { FIGURES } from './run-figures.ts';
import { settingText, valuesOf } from './run-settings.ts';

const SIDES = [
  ['a', 0],
  ['b', 1],
] as const;

const threeDigits = (value: number) => String(Number(value.toPrecision(3)));

/** A row a test; of the settings that runs were grouped by, each method has its own ones. */
export function testsTable(
  tests: readonly MethodTest[],
  methods: readonly [string, string],
  by: readonly string[],
): ResultsTable {
  const shared = by.filter((name) => !isOfMethod(name));
  const own = ['method', ...by.filter((name) => isOfMethod(name) && name !== 'method')];
  const parting = SIDES.flatMap(([, side]) =>
    own
      .filter((name) => {
        const values = tests.map(({ settings }) => valuesOf(settings[side], [name]));
        return new Set(values).size > 1;
      })
      .map((name) => ({ name, side, heading: `${methods[side]}: ${name}` })),
  );
  const isOne = new Set(tests.map(({ figure }) => figure)).size === 1;
  const figureNamed = (figure: string) => FIGURES.find(({ name }) => name === figure)!;
  return {
    data: () => ({
      columns: [
        ...shared,
        ...SIDES.flatMap(([letter]) => own.map((name) => `${letter}.${name}`)),
        'figure',
        ...SIDES.flatMap(([letter]) =>
          ['n', 'mean', 'deviation'].map((part) => `${letter}.${part}`),
        ),
        ...['difference', 'low', 'high', 't', 'df', 'p'],
      ],
      rows: tests.map(({ settings, figure, samples: [a, b], test }) => [
        ...shared.map((name) => settings[0].get(name)),
        ...SIDES.flatMap(([, side]) => own.map((name) => settings[side].get(name))),
        figure,
        ...[a, b].flatMap(({ n, mean, deviation }) => [n, mean, deviation ?? undefined]),
        a.mean - b.mean,
        ...(test
          ? [...test.interval, test.statistic ?? undefined, test.degreesOfFreedom, test.p]
          : Array.from({ length: 5 }, () => undefined)),
      ]),
    }),
    shown: () => ({
      columns: [
        ...shared,
        ...parting.map(({ heading }) => heading),
        ...(isOne ? [] : ['figure']),
        ...methods,
        ...['difference', '95 %', 't', 'df', 'p'],
      ],
      rows: tests.map(({ settings, figure: name, samples: [a, b], test }) => {
        const figure = figureNamed(name);
        return [
          ...shared.map((setting) => settingText(settings[0].get(setting))),
          ...parting.map((part) => settingText(settings[part.side].get(part.name))),
          ...(isOne ? [] : [figure.heading]),
          meanText(a, figure),
          meanText(b, figure),
          figure.show(a.mean - b.mean),
          ...(test
            ? [
                intervalText(test.interval, figure),
                test.statistic === null ? '' : threeDigits(test.statistic),
                threeDigits(test.degreesOfFreedom),
                threeDigits(test.p),
              ]
            : ['', '', '', '']),
        ];
      }),
    }),
  };
}
