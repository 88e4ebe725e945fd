import * as Plot from '@observablehq/plot';
import { downsample } from '../downsample.ts';
import { groupBy } from '../group-by.ts';
import { ON_PAPER } from '../look.ts';
import type { Curve, CurvesPanel, Target } from './figure.ts';
import { isWithin } from './fitted-axis.ts';
import type { Drawing } from './points-marks.ts';
import { crosses } from './within-axis.ts';

const MOST_POINTS = 300;

/** Seeds as thin lines, under means; where they are to go, as a dotted one, in the colour of a series that goes there alone. */
export function curvesMarks(
  { curves, targets }: CurvesPanel,
  { look, y }: Drawing,
): Plot.Markish[] {
  const drawn = (curve: Curve) =>
    downsample(
      y.scale === 'log' ? curve.points.filter(({ value }) => value > 0) : curve.points,
      MOST_POINTS,
    );
  const of = (isMean: boolean) => curves.filter(({ seed }) => (seed === undefined) === isMean);
  const isAlone = ({ series }: Curve) => !of(true).some((mean) => mean.series === series);
  const line = (curve: Curve, isThin: boolean) => {
    const { colour, dash } = look(curve.series);
    const points = drawn(curve);
    const at = { x: 'x', y: 'value', className: isThin ? 'seed' : 'mean', clip: 'frame' } as const;
    const opacity = isThin ? 0.35 : 1;
    // A line of one point has no length, and no dashes.
    if (points.length === 1)
      return Plot.dot(
        points.filter(({ value }) => isWithin(y, value)),
        { ...at, r: isThin ? 1 : 1.6, fill: colour, fillOpacity: opacity },
      );
    const values = points.map(({ value }) => value);
    return Plot.line(crosses(y, values) ? points : [], {
      ...at,
      stroke: colour,
      strokeWidth: isThin ? 0.5 : 1.1,
      strokeOpacity: opacity,
      strokeDasharray: isThin ? 'none' : dash,
    });
  };
  const aims = groupBy(targets, ({ value }) => value);
  const isOwn = (aiming: readonly Target[]) => aims.size > 1 && aiming.length === 1;
  return [
    ...[...aims].map(([value, aiming]) =>
      Plot.ruleY([value], {
        stroke: isOwn(aiming) ? look(aiming[0]!.series).colour : ON_PAPER.ink,
        strokeWidth: 0.75,
        strokeDasharray: '1 2',
        className: 'target',
      }),
    ),
    ...of(false).map((curve) => line(curve, !isAlone(curve))),
    ...of(true).map((curve) => line(curve, false)),
  ];
}
