import { InvalidArgumentError } from 'commander';

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

export function parseNumber(text: string): number {
  const value = Number(text);
  if (!DECIMAL.test(text)) {
    // Number() takes 0x1, and the empty text as 0.
    const digits = /\d/.test(text) && Number.isFinite(value);
    throw new InvalidArgumentError(digits ? 'Write it in decimal digits.' : 'It is not a number.');
  }
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is larger than any number here.');
}

export function parseSeconds(text: string): number {
  const value = parseNumber(text);
  if (value < 0) throw new InvalidArgumentError('It must not be negative.');
  return value;
}

/** Whole numbers between these, both among them. */
export const wholeFrom =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = parseNumber(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    if (value > most)
      throw new InvalidArgumentError(
        `It must be at most ${most < 1e5 ? most : most.toLocaleString('en')}.`,
      );
    return value;
  };

export const parsePositive = wholeFrom(1);
export const parseWhole = wholeFrom(0);

/** Words with commas between, each once. */
export function list<T>(parse: (word: string) => T): (text: string) => T[] {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    if (words.some((word) => !word)) throw new InvalidArgumentError('It has an empty place.');
    return [...new Set(words.map(parse))];
  };
}

export const parsePort = wholeFrom(0, 65_535);
