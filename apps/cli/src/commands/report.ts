import { Command, Option } from 'commander';
import { writeJson } from '../command-context.ts';
import type { AccuracyKind } from '../results-report.ts';

interface ReportFlags {
  accuracy: AccuracyKind;
  out?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow report runs
  $ winnow report runs/snip-* runs/cts-* --out comparison
  $ winnow report runs/ltr --accuracy validation --out curve`;

export function reportCommand(): Command {
  return new Command('report')
    .argument('<folders...>', 'run folders, or folders around them')
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
    .action(async (folders: string[], { accuracy, out, json }: ReportFlags) => {
      const { resultsReport, writeResultsReport } = await import('../results-report.ts');
      const report = await resultsReport(folders, accuracy);
      if (out !== undefined) await writeResultsReport(report, out);
      if (json) return writeJson(report.rows);
      process.stdout.write(`${report.text}\n`);
      if (out !== undefined) process.stdout.write(`Picture and report are in ${out}.\n`);
    });
}
