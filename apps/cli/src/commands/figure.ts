import { assertNothingLost } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import type { AccuracyKind, RunFilter } from '@winnow/studies';
import {
  COSTS,
  type Cost,
  FIGURE_KINDS,
  type FigureKind,
  figureFormat,
  runFigure,
  writeFigure,
} from '@winnow/studies/figures';
import { Argument, Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE } from '../composition/tokens.ts';
import { readStyle } from '../flags/style-file.ts';
import { whereOption } from '../flags/where-option.ts';
import { note, print } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface FigureFlags {
  out: string;
  columns: '1' | '2';
  title?: string;
  style?: string;
  where?: readonly RunFilter[];
  accuracy?: AccuracyKind;
  cost?: Cost;
}

const kinds = Object.entries(FIGURE_KINDS).map(([kind, of]) => `  ${kind.padEnd(11)} ${of}`);

const HELP = `
Kinds:
${kinds.join('\n')}

Examples:
  $ winnow figure accuracy runs --out accuracy.pdf
  $ winnow figure accuracy study.yaml --columns 2 --style style.yaml --out accuracy.svg
  $ winnow figure search runs --where method=cts --out search.pdf
  $ winnow figure cost runs --cost multiply-adds --where density=0.0074 --out cost.pdf
  $ winnow figure checks runs/first --title "Sanity checks" --out checks.png`;

/** Throws OPTION_NOT_USED of a flag that says nothing of this kind. */
function assertUsed(kind: FigureKind, { accuracy, cost, where }: FigureFlags): void {
  const stray = [
    accuracy !== undefined && kind !== 'accuracy' && 'accuracy',
    cost !== undefined && kind !== 'cost' && 'cost',
    where !== undefined && kind === 'checks' && 'where',
  ].find((name) => name !== false);
  if (stray === undefined) return;
  throw new WinnowError('OPTION_NOT_USED', `A figure of ${kind} has no use for --${stray}.`, {
    hint: 'Leave it out.',
  });
}

const draw = handler([CONSOLE], (console) => {
  return async (folders: string[], kind: FigureKind, flags: FigureFlags) => {
    const { out, title, where, accuracy, cost } = flags;
    assertUsed(kind, flags);
    figureFormat(out);
    const style = flags.style === undefined ? undefined : readStyle(flags.style);
    const figure = await runFigure(folders, { kind, where, accuracy, cost, style });
    const columns = flags.columns === '1' ? 1 : 2;
    const { path, table, caption } = await writeFigure(figure, { out, columns, title, style });
    for (const line of figure.notes) note(console, line);
    print(console, `Figure: ${path}; its numbers: ${table}`, caption);
  };
});

export function figureCommand(context: CommandContext): Command {
  return new Command('figure')
    .addArgument(new Argument('<kind>', 'what it shows').choices(Object.keys(FIGURE_KINDS)))
    .argument(
      '<runs...>',
      'run folders, or folders around them, or files of studies (.yaml); of checks and objectives also what check and compare wrote',
    )
    .requiredOption('--out <file>', 'a .pdf, .svg or .png; a .csv of its numbers comes beside it')
    .addOption(
      new Option('--columns <n>', 'of a page that it spans: 85 or 178 mm')
        .choices(['1', '2'])
        .default('1'),
    )
    .option('--title <text>', 'over the figure (default: none, as papers have captions)')
    .option('--style <file>', 'names, order, colours, axes: a YAML file')
    .addOption(whereOption())
    .addOption(
      new Option(
        '--accuracy <of>',
        'test (default), or validation with the rounds of methods',
      ).choices(['test', 'validation']),
    )
    .addOption(new Option('--cost <of>', `${COSTS.join(' (default) or ')}`).choices(COSTS))
    .addHelpText('after', HELP)
    .action(async (kind: FigureKind, runs: string[], flags: FigureFlags) => {
      assertNothingLost('--out', flags.out, [flags.style, ...runs]);
      await context.onRuns(draw)(runs, kind, flags);
    });
}
