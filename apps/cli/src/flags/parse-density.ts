import { fractionOfPercent } from '@winnow/plugin-api';
import { InvalidArgumentError } from 'commander';
import { parseNumber } from './option-parsers.ts';

/** A fraction of weights, which many write in percent. */
export function parseDensity(text: string): number {
  const fraction = fractionOfPercent(text);
  if (fraction === undefined) return parseNumber(text);
  throw new InvalidArgumentError(`It is to be a fraction: ${text} is ${fraction}.`);
}
