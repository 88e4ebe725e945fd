const PLAIN = /^[\w@%+=:,./-]+$/;
// Also what ends a line for some readers, and what a terminal obeys.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Of bytes, so that it means the same in every locale. */
const escaped = (char: string) =>
  [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A value as one word of one line of bash, whatever is in it but NUL, which no argument can have. */
export function shellWord(value: string): string {
  if (PLAIN.test(value)) return value;
  if (!CONTROL.test(value)) return `'${value.replaceAll("'", `'\\''`)}'`;
  const inner = [...value].map((char) =>
    CONTROL.test(char) ? escaped(char) : char.replace(/['\\]/, '\\$&'),
  );
  return `$'${inner.join('')}'`;
}

/** Values as the words of one line. */
export const shellLine = (values: readonly string[]) => values.map(shellWord).join(' ');
