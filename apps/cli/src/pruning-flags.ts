import { type Command, InvalidArgumentError } from 'commander';
import { list, parseNumber } from './option-parsers.ts';

/** Flags of every command that begins searches: for what, and in which layers. */
export interface PruningFlags {
  readonly objective?: string;
  readonly leaveOut?: readonly string[];
  readonly layerDensity?: Readonly<Record<string, number>>;
}

function layerDensity(text: string): readonly [pattern: string, density: number] {
  const [, pattern, density] = /^(.+)=(.*)$/.exec(text) ?? [];
  if (pattern === undefined || density === undefined)
    throw new InvalidArgumentError('Write PATTERN=κ.');
  return [pattern, parseNumber(density)];
}

/** All that a flag which may be repeated is given, with commas or by repeating, in place of what it had before. */
function gathered<T>(parse: (word: string) => T): (text: string) => readonly T[] {
  const words = list(parse);
  let given: readonly T[] = [];
  return (text) => (given = [...given, ...words(text)]);
}

export function withPruning(command: Command): Command {
  const densities = gathered(layerDensity);
  return command
    .option(
      '--objective <name>',
      "what methods that follow one search for (default: the method's; see `winnow list objective`)",
    )
    .option(
      '--leave-out <pattern>',
      'parameters that stay whole and are not counted, such as "stem.*"; may be repeated',
      gathered(String),
    )
    .option(
      '--layer-density <pattern=κ>',
      'fraction to keep of each of these, such as "head.*=0.5"; may be repeated',
      (text) => Object.fromEntries(densities(text)),
    );
}
