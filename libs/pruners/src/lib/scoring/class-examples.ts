import { type ImageSource, type RandomStream, WinnowError } from '@winnow/plugin-api';

/** The first `perClass` images of each class in a random order, class by class. Throws TOO_FEW_EXAMPLES. */
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
  const scarce = chosen.findIndex((own) => own.length < perClass);
  if (scarce >= 0) {
    throw new WinnowError(
      'TOO_FEW_EXAMPLES',
      `Class ${scarce} has ${chosen[scarce]!.length} training images, and ${perClass} of each class are asked for.`,
      { hint: 'Lower --examples-per-class, or train on more images.' },
    );
  }
  return chosen.flat();
}
