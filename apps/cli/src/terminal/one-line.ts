/** Messages from parsers and from Commander can run over several lines. */
export function oneLine(message: string): string {
  return message.trim().replace(/\s*\n\s*/g, ' ');
}
