import { type Command, InvalidArgumentError } from 'commander';
import { parseDensity } from './parse-density.ts';
import { RepeatedOption } from './repeated-option.ts';

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
  return [pattern, parseDensity(density)];
}

export function withPruning(command: Command): Command {
  return command
    .option(
      '--objective <name>',
      "what methods that follow one search for (default: the method's; see `winnow list objective`)",
    )
    .addOption(
      new RepeatedOption(
        '--leave-out <pattern>',
        'parameters that stay whole and are not counted, such as "stem.*"',
        String,
      ),
    )
    .addOption(
      new RepeatedOption(
        '--layer-density <pattern=κ>',
        'fraction to keep of each of these, such as "head.*=0.5"',
        layerDensity,
        Object.fromEntries,
      ),
    );
}
