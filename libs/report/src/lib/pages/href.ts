/** The address, in a page, of a path relative to that: parts of it may have any characters. */
export function hrefOf(relativePath: string): string {
  return relativePath.split(/[/\\]/).map(encodeURIComponent).join('/');
}
