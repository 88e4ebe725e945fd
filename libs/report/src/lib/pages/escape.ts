import { visible } from '@winnow/plugin-api/text';

/** A text as markup shows it, in elements and in attributes; control characters are spelt out. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
