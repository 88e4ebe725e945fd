import { InvalidArgumentError } from 'commander';

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It is not a number.');
  return value;
}

export function parseSeconds(text: string): number {
  const value = parseNumber(text);
  if (value < 0) throw new InvalidArgumentError('It must not be negative.');
  return value;
}

export function parsePositive(text: string): number {
  const value = parseWhole(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

export function parseWhole(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It is not a whole number from 0 up.');
  }
  return value;
}

/** Words with commas between, each once. */
export function list<T>(parse: (word: string) => T): (text: string) => T[] {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    if (words.some((word) => !word)) throw new InvalidArgumentError('It has an empty place.');
    return [...new Set(words.map(parse))];
  };
}

export function parsePort(text: string): number {
  const value = parseWhole(text);
  if (value > 65_535) throw new InvalidArgumentError('It is no port: they end at 65535.');
  return value;
}
