import {
  type ImageSource,
  type PrepareSetting,
  type RandomStream,
  WinnowError,
} from '@winnow/plugin-api';

function tooFew(label: number, count: number, perClass: number): WinnowError {
  return new WinnowError(
    'TOO_FEW_EXAMPLES',
    `Class ${label} has ${count} training images, and ${perClass} of each class are asked for.`,
    { hint: 'Lower --examples-per-class, or train on more images.' },
  );
}

/** Throws TOO_FEW_EXAMPLES where a class has fewer training images; one that has none, as in a part of a larger set, is passed over. */
export function assertEnoughExamples(
  { train, classes }: PrepareSetting['dataset'],
  perClass: number,
): void {
  const counts = new Int32Array(classes);
  for (const label of train.labels) counts[label]!++;
  const scarce = counts.findIndex((count) => count > 0 && count < perClass);
  if (scarce >= 0) throw tooFew(scarce, counts[scarce]!, perClass);
}

/** The first `perClass` images of each class in a random order, class by class. */
export function classExamples(
  { labels }: ImageSource,
  { classes, perClass }: { classes: number; perClass: number },
  order: RandomStream,
  round: number,
): number[] {
  const chosen: number[][] = Array.from({ length: classes }, () => []);
  for (const index of order.permutation(labels.length, round)) {
    const own = chosen[labels[index]!]!;
    if (own.length < perClass) own.push(index);
  }
  return chosen.flat();
}
