import { type Look, ON_PAPER } from '../look.ts';
import { type AccuracyPictureOptions, statisticsByMethod } from '../seed-statistics.ts';
import { accuracyCurves } from './accuracy-curves.ts';
import { accuracyStrip } from './accuracy-strip.ts';

/** What `accuracyPicture` gives. */
export function drawAccuracy(options: AccuracyPictureOptions, look: Look = ON_PAPER): string {
  if (options.results.length === 0) throw new RangeError('No results to draw');
  for (const { method, seed, accuracy, density } of options.results) {
    if (!(accuracy >= 0 && accuracy <= 1 && density > 0 && density <= 1)) {
      throw new RangeError(
        `${method}, seed ${seed}: accuracy ${accuracy} and density ${density} must be fractions`,
      );
    }
  }
  const methods = statisticsByMethod(options.results);
  const several = [...methods.values()].some((points) => points.length > 1);
  return several ? accuracyCurves(options, methods, look) : accuracyStrip(options, methods, look);
}
