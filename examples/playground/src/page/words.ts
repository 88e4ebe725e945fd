import { percent } from '@winnow/report/look';
import { METHODS, type Method } from '../worker/search-api.ts';

/** How the page calls things to people who never heard of them. */

export const METHOD_WORDS: Readonly<Record<Method, string>> = {
  cts: 'Learn which: Concrete Ticket Search',
  magnitude: 'Keep the largest weights (magnitude)',
  random: 'Draw lots (random)',
  snip: 'Score each weight once (SNIP)',
};

export const METHOD_CHOICES = METHODS.map((name) => ({ name, words: METHOD_WORDS[name] }));

/** 0.0025 → 0.25 % */
export function densityWords(density: number): string {
  return `${Number((100 * density).toPrecision(3))} %`;
}

export const accuracyWords = (accuracy: number) => percent(accuracy);

export function secondsWords(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}

export const countWords = (count: number) => count.toLocaleString('en');
