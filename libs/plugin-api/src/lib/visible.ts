/**
 * What is not to be seen and yet acts: control characters other than tab and newline, marks and overrides of writing's
 * direction, line and paragraph separators, halves of surrogate pairs, and what XML has no place for.
 */
const ACTS =
  /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

/** A text from elsewhere, fit for a terminal, a page or a picture: what would act on them is spelt out, an escape as \x1b. */
export function visible(text: string): string {
  return text.replace(ACTS, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/**
 * A value as JSON that is fit for a terminal: what would act there is escaped, so that it reads as the same value.
 * `JSON.stringify` escapes the control characters below a space alone, and halves of surrogate pairs.
 */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(
    ACTS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
