/** Whether this names one file or folder, right where it is looked for, on every system. */
export function isFileName(name: string): boolean {
  return !['', '.', '..'].includes(name) && !/[/\\:\0]/.test(name);
}
