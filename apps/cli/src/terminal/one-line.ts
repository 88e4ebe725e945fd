import { visible } from '@winnow/plugin-api/text';

/** A message or a name as one line, whatever it holds: those of parsers, of Commander and of plugins run over several. */
export function oneLine(text: string): string {
  return visible(text.trim().replace(/\s*\n\s*/g, ' '));
}
