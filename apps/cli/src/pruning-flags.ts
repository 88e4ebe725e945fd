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

export function withPruning(command: Command): Command {
  /** What a flag was given before on the command line; what a configuration file gives it, that takes the place of. */
  const earlier = <T>(name: keyof PruningFlags, value: T | undefined) =>
    command.getOptionValueSource(name) === 'cli' ? value : undefined;
  return command
    .option(
      '--objective <name>',
      "what methods that follow one search for (default: the method's; see `winnow list objective`)",
    )
    .option(
      '--leave-out <pattern>',
      'parameters that stay whole and are not counted, such as "stem.*"; may be repeated',
      (text, before?: readonly string[]) => [
        ...(earlier('leaveOut', before) ?? []),
        ...list(String)(text),
      ],
    )
    .option(
      '--layer-density <pattern=κ>',
      'fraction to keep of each of these, such as "head.*=0.5"; may be repeated',
      (text, before?: Readonly<Record<string, number>>) => ({
        ...earlier('layerDensity', before),
        ...Object.fromEntries(list(layerDensity)(text)),
      }),
    );
}
