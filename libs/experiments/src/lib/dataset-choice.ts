/** A data set as a choice names it: NAME, or NAME:VALUE for one that takes an argument, in which colons may stand. */
export function splitDatasetChoice(choice: string): {
  readonly name: string;
  readonly argument: string | undefined;
} {
  const [name = '', argument] = choice.split(/:(.*)/s);
  return { name, argument };
}
