import * as Plot from '@observablehq/plot';
import { downsample } from '../downsample.ts';
import { groupBy } from '../group-by.ts';
import { ON_PAPER } from '../look.ts';
import type { Curve, CurvesPanel, Target } from './figure.ts';
import type { Drawing } from './points-marks.ts';

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
    return Plot.line(drawn(curve), {
      x: 'x',
      y: 'value',
      stroke: colour,
      strokeWidth: isThin ? 0.5 : 1.1,
      strokeOpacity: isThin ? 0.35 : 1,
      strokeDasharray: isThin ? 'none' : dash,
      className: isThin ? 'seed' : 'mean',
      clip: 'frame',
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
