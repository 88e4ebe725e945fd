import { signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the visitor prefers a dark page; canvases are painted anew where that changes. */
export const theme = signal(dark.matches);
dark.addEventListener('change', () => (theme.value = dark.matches));
