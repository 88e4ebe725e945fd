import { type Command, InvalidArgumentError } from 'commander';
import { parseNumber } from './component-options.ts';

/** Flags of every command that begins searches: for what, and in which layers. */
export interface PruningFlags {
  readonly objective?: string;
  readonly leaveOut?: readonly string[];
  readonly layerDensity?: Readonly<Record<string, number>>;
}

function layerDensity(
  text: string,
  others: PruningFlags['layerDensity'] = {},
): Record<string, number> {
  const [, pattern, density] = /^(.+)=(.*)$/.exec(text) ?? [];
  if (pattern === undefined || density === undefined)
    throw new InvalidArgumentError('Write PATTERN=κ.');
  return { ...others, [pattern]: parseNumber(density) };
}

export function withPruning(command: Command): Command {
  return command
    .option(
      '--objective <name>',
      "what methods that follow one search for (default: the method's; see `winnow list objective`)",
    )
    .option(
      '--leave-out <pattern>',
      'parameters that stay whole and are not counted, such as "stem.*"; may be repeated',
      (pattern: string, others: readonly string[] = []) => [...others, pattern],
    )
    .option(
      '--layer-density <pattern=κ>',
      'fraction to keep of each of these, such as "head.*=0.5"; may be repeated',
      layerDensity,
    );
}
