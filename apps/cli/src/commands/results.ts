import { assertNothingLost } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import {
  RESULTS_FORMATS,
  type ResultsFormat,
  type RunFilter,
  formatResults,
  gatherResults,
  isForPrograms,
} from '@winnow/studies';
import { Command, InvalidArgumentError, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE } from '../composition/tokens.ts';
import { list } from '../flags/option-parsers.ts';
import { whereOption } from '../flags/where-option.ts';
import { note } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface ResultsFlags {
  where?: readonly RunFilter[];
  figure?: readonly string[];
  means?: boolean;
  groupBy?: readonly string[];
  welch?: readonly [string, string];
  format: ResultsFormat;
  out?: string;
}

const EXAMPLES = `
Examples:
  $ winnow results runs
  $ winnow results study.yaml
  $ winnow results runs --where method=cts --where "density<0.05" --format csv --out cts.csv
  $ winnow results runs --means --group-by method,density --figure testAccuracy,minutes.search
  $ winnow results runs --means --format latex --out table.tex
  $ winnow results runs --welch cts,snip`;

function parsePair(text: string): [string, string] {
  const [first, second, ...others] = list(String)(text);
  if (first === undefined || second === undefined || others.length > 0)
    throw new InvalidArgumentError('It is two methods with a comma between.');
  return [first, second];
}

const tell = handler([CONSOLE], (console) => {
  return async (folders: string[], flags: ResultsFlags) => {
    const { where = [], figure, means, groupBy, welch, format, out } = flags;
    const all = isForPrograms(format) && !welch;
    const results = await gatherResults(folders, {
      where,
      figures: figure ?? (all ? 'all' : ['testAccuracy']),
      rows: welch ? { testOf: welch } : means || groupBy ? 'means' : 'runs',
      groupBy,
    });
    const text = formatResults(results, format);
    if (out === undefined) console.out.write(text);
    else await writeWhole(out, text);
    for (const line of results.notes) note(console, line);
  };
});

export function resultsCommand(context: CommandContext): Command {
  return new Command('results')
    .argument('<runs...>', 'run folders, or folders around them, or files of studies (.yaml)')
    .addOption(whereOption())
    .option(
      '--figure <names>',
      'such as testAccuracy or minutes.search (default: testAccuracy; all in csv and json)',
      list(String),
    )
    .option('--means', 'a row a group of runs: n, mean, sample deviation, 95 % interval')
    .option(
      '--group-by <settings>',
      'what the runs of a group are alike in, as --means (default: all that differ but the seed)',
      list(String),
    )
    .addOption(
      new Option(
        '--welch <methods>',
        "Welch's test between two methods, in each group of runs that are alike in all else",
      )
        .argParser(parsePair)
        .conflicts('means'),
    )
    .addOption(
      new Option(
        '--format <name>',
        'csv and json have every setting; the others, for people, those that differ',
      )
        .choices(RESULTS_FORMATS)
        .default('table'),
    )
    .option('--out <file>', 'write it there')
    .addHelpText('after', EXAMPLES)
    .action(async (runs: string[], flags: ResultsFlags) => {
      if (flags.out !== undefined) assertNothingLost('--out', flags.out, runs);
      await context.onRuns(tell)(runs, flags);
    });
}
