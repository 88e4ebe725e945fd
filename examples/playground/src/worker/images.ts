import type { Dataset, Normalization } from '@winnow/plugin-api';

/** A data set of the page. */
export interface Images extends Omit<Dataset, 'checksum' | 'readImage'> {
  readonly classNames: readonly string[];
  readonly normalization: Normalization;
  /** What the brightest pixel is. */
  readonly brightest: number;
}
