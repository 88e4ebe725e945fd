import { assertNothingLost, exportRun } from '@winnow/experiments';
import type { Exporter } from '@winnow/plugin-api';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { BAR, CONSOLE, OPEN_DATASET, REGISTRY, RUNS } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { showFreezing } from '../terminal/freezing-progress.ts';
import { exportedLines } from '../terminal/tell-frozen.ts';
import type { CommandContext } from './command-context.ts';
import { recordedRun } from './recorded-run.ts';

interface ExportFlags {
  format: string;
  out?: string;
  backend: string;
  json?: boolean;
}

function helpOf(exporters: readonly Exporter[]): string {
  const width = Math.max(...exporters.map(({ name }) => name.length));
  return `
Formats:
${exporters.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Examples:
  $ winnow export runs/first --format onnx
  $ winnow export runs/first --format tfjs --out public/model
  $ winnow export runs/first --format csr --json
  $ winnow export runs/first --format mask`;
}

const needs = [RUNS, REGISTRY, CONSOLE, BAR, OPEN_DATASET] as const;
const write = handler(needs, ([run], registry, console, bar, open) => {
  return async (_path: string, { format, out, backend, json }: ExportFlags) => {
    const { folder, config } = run!;
    const exporter = registry.get('exporter', format);
    if (out !== undefined) assertNothingLost('--out', out);
    const exported = await showFreezing(bar, (onProgress) =>
      exportRun(folder, config, { registry, exporter, out, backend, open, onProgress }),
    );
    if (json) printJson(console, exported);
    else print(console, ...exportedLines(exported));
  };
});

export async function exportCommand(context: CommandContext): Promise<Command> {
  const catalogue = await context.catalogue();
  const command = new Command('export')
    .argument(
      '<run>',
      'the folder of a finished run, or where the ticket alone is written, of one that has it',
    )
    .requiredOption('--format <name>', 'what to write; a plugin of the run may bring more')
    .option(
      '--out <path>',
      'file, or folder of a format that is one (default: in export/ of the run folder)',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', helpOf(catalogue.all('exporter')));
  return withPlugins(withBackend(command)).action(context.action(write, recordedRun));
}
