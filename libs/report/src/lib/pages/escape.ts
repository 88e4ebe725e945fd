import { visible } from '@winnow/plugin-api/text';

/** A text as markup shows it, in elements and in attributes; control characters are spelt out. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** The same of a sentence: what belongs to a number stays on its line, and what stands between backquotes is code. */
export function prose(text: string): string {
  return escape(text)
    .replace(/(?<=\d) (?=%)|(?<=\b[np]) (?=[=<&])|(?<=\b[np] =) /g, '\u00a0')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
