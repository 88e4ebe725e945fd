import { visible } from '@winnow/plugin-api/text';

/** A text from elsewhere as one line of a table: newlines and tabs are spelt out too. */
export function cellLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
