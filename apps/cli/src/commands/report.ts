import { assertNoRun } from '@winnow/experiments';
import {
  type AccuracyKind,
  type RunFilter,
  resultsReport,
  writeResultsReport,
} from '@winnow/studies';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE } from '../composition/tokens.ts';
import { whereOption } from '../flags/where-option.ts';
import { print, printJson } from '../terminal/console.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

interface ReportFlags {
  where?: readonly RunFilter[];
  accuracy: AccuracyKind;
  out?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow report runs
  $ winnow report study.yaml
  $ winnow report runs/snip-* runs/cts-* --out comparison
  $ winnow report runs --where instructions=avx512 --where "density<0.05"
  $ winnow report runs/ltr --accuracy validation --out curve`;

const tell = handler([CONSOLE], (console) => {
  return async (folders: string[], { accuracy, where, out, json }: ReportFlags) => {
    if (out !== undefined) assertNoRun('--out', out);
    const report = await resultsReport(folders, accuracy, where);
    if (out !== undefined) await writeResultsReport(report, out);
    if (json) return printJson(console, report.rows);
    print(console, ...reportLines(report.text));
    if (out !== undefined) print(console, `Picture and report are in ${out}.`);
  };
});

export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .argument('<runs...>', 'run folders, or folders around them, or files of studies (.yaml)')
    .addOption(whereOption())
    .addOption(
      new Option(
        '--accuracy <of>',
        'test, or validation, which also knows the rounds of methods that train',
      )
        .choices(['test', 'validation'])
        .default('test'),
    )
    .option('--out <dir>', 'write accuracy.png, accuracy.svg, runs.csv and report.html there')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(context.onRuns(tell));
}
