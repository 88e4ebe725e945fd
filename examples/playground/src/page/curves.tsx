import { type Row, shown } from '../state.ts';
import { densityWords } from './words.ts';

const WIDTH = 300;
const HEIGHT = 110;
/** Points of a curve, at most: each is the mean of the steps about it. */
const POINTS = 150;

function thinned(values: readonly number[]): number[] {
  const size = Math.max(1, Math.ceil(values.length / POINTS));
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const part = values.slice(i * size, (i + 1) * size);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

interface CurveProps {
  readonly title: string;
  readonly values: readonly number[];
  /** Steps in all, so that a curve grows from left to right. */
  readonly steps: number;
  readonly target?: number;
  readonly words: (value: number) => string;
}

function Curve({ title, values, steps, target, words }: CurveProps) {
  const points = thinned(values);
  const highest = Math.max(...points, target ?? -Infinity);
  const lowest = Math.min(...points, target ?? Infinity);
  const x = (i: number) => ((i + 0.5) * WIDTH * values.length) / (points.length * steps);
  const y = (value: number) => 4 + ((HEIGHT - 8) * (highest - value)) / (highest - lowest || 1);
  const line = points.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const now = values.at(-1)!;
  return (
    <figure class="curve">
      <figcaption>
        {title} <strong>{words(now)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: from ${words(points[0]!)} to ${words(now)} in ${values.length} of ${steps} steps`}
      >
        {target !== undefined && (
          <line class="target" x1={0} x2={WIDTH} y1={y(target)} y2={y(target)} />
        )}
        <polyline points={line} />
      </svg>
      <p class="range" aria-hidden="true">
        {words(lowest)} … {words(highest)}
      </p>
    </figure>
  );
}

const numberWords = (value: number) => String(Number(value.toPrecision(3)));

/** Objective, expected density with its target and λ, step by step, as far as a search has come. */
export function Curves() {
  const { rows, phase, steps, setting } = shown.value!;
  if (rows.length < 2) return null;
  const all = phase === 'search' ? steps : rows.length;
  const column = (name: string) => rows.map((row: Row) => row[name] ?? 0);
  const target = rows[0]!['targetDensity']!;
  return (
    <div class="curves">
      <Curve
        title={`Objective ${setting.objective}`}
        values={column('objective')}
        steps={all}
        words={numberWords}
      />
      <Curve
        title={`Expected to be kept (target ${densityWords(target)})`}
        values={column('density')}
        steps={all}
        target={target}
        words={densityWords}
      />
      <Curve
        title="λ, the pull to the target"
        values={column('lambda')}
        steps={all}
        words={numberWords}
      />
    </div>
  );
}
