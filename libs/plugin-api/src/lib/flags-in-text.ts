const FLAG = /--([a-z][a-z-]*)/g;

/** The flags that a text names, without their dashes. */
export const flagsIn = (text: string): string[] =>
  [...text.matchAll(FLAG)].map(([, name]) => name!);

/** A text on flags in the words of a file: `--epochs` is `"epochs"`, or as the file spells it. `--help` stays. */
export const flagsAsKeys = (
  text: string,
  spelt: (name: string) => string = (name) => name,
): string =>
  text.replace(FLAG, (flag, name: string) => (name === 'help' ? flag : `"${spelt(name)}"`));
