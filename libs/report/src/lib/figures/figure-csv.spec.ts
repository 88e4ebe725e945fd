import { expect, it } from '@jest/globals';
import type { CurvesPanel, Figure } from './figure.ts';
import { figureCsv } from './figure-csv.ts';
import { lookOf } from './series-look.ts';

const looks = [{ ...lookOf('cts', 0), name: 'CTS, ours' }];
const axis = (column: string) => ({ label: '', column, unit: 'number', scale: 'linear' }) as const;

it('tells of every run its value, and the mean that it goes into', () => {
  const figure: Figure = {
    about: '',
    looks,
    panels: [
      {
        ...{ kind: 'points', name: 'digits', x: axis('density'), y: axis('testAccuracy') },
        groups: [
          {
            ...{ series: 'cts', x: 0.1, mean: 0.75, interval: [0.5, 1] },
            samples: [
              { seed: 1, x: 0.1, value: 0.7 },
              { seed: 2, x: 0.1, value: 0.8 },
            ],
          },
        ],
        levels: [
          { series: 'dense', mean: 0.9, interval: null, samples: [{ seed: 1, x: 1, value: 0.9 }] },
        ],
      },
    ],
  };
  expect(figureCsv(figure)).toBe(
    'panel,series,density,seed,of,value,n,mean,low,high\n' +
      '"digits","CTS, ours",0.1,1,"testAccuracy",0.7,2,0.75,0.5,1\n' +
      '"digits","CTS, ours",0.1,2,"testAccuracy",0.8,2,0.75,0.5,1\n' +
      '"digits","dense",,1,"testAccuracy",0.9,1,0.9,,\n',
  );
});

it('tells of curves every point, and names in place of numbers', () => {
  const points = [{ x: 2, value: 3 }];
  const curves = [1, undefined].map((seed) => ({ series: 'cts', seed, points }));
  const panel = { kind: 'curves', name: '', x: axis('step'), y: axis('objective') } as const;
  const told = (...targets: CurvesPanel['targets']) =>
    figureCsv({ about: '', looks, panels: [{ ...panel, curves, targets }] });
  const target = { series: 'cts', value: 1 };
  const head =
    'panel,series,step,seed,of,value\n' +
    '"","CTS, ours",2,1,"objective",3\n' +
    '"","CTS, ours",2,,"objective",3\n';
  expect(told(target, { series: 'ltr', value: 1 })).toBe(`${head}"","target",,,"objective",1\n`);
  expect(told(target, { series: 'ltr', value: 2 })).toBe(
    `${head}"","target of CTS, ours",,,"objective",1\n"","target of ltr",,,"objective",2\n`,
  );
  const layers = { ...axis('layer'), names: ['stem', 'head'] };
  const group = {
    series: 'cts',
    x: 2,
    mean: 1,
    interval: null,
    samples: [{ seed: 1, x: 2, value: 1 }],
  };
  const points2 = { kind: 'points', name: '', x: layers, y: axis('density') } as const;
  expect(
    figureCsv({ about: '', looks, panels: [{ ...points2, groups: [group], levels: [] }] }),
  ).toBe(
    'panel,series,layer,seed,of,value,n,mean,low,high\n' +
      '"","CTS, ours","head",1,"density",1,1,1,,\n',
  );
});

it('refuses to tell nothing', () => {
  expect(() => figureCsv({ about: '', looks, panels: [] })).toThrow(RangeError);
});
