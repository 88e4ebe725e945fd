/** The three parts that a run needs. */
export interface Parts<T> {
  readonly train: T;
  readonly validation: T;
  readonly test: T;
}

/**
 * Makes three parts of those that a data set has. With one besides the training images, that one is for the report at the end, as
 * ImageNet's `val` is. What is lacking is held out of the training images, first what is for testing.
 */
export function arrangeParts<T>(
  given: { train: T; validation: T | undefined; test: T | undefined },
  split: (part: T) => { kept: T; held: T },
): Parts<T> {
  const test = given.test ?? given.validation;
  const validation = given.test && given.validation;
  const reported = test ? { kept: given.train, held: test } : split(given.train);
  const chosen = validation ? { kept: reported.kept, held: validation } : split(reported.kept);
  return { train: chosen.kept, validation: chosen.held, test: reported.held };
}
