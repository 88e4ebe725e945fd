import type { ExportedRun, FrozenRun } from '@winnow/experiments';
import type { Exporter } from '@winnow/plugin-api';
import { Command } from 'commander';
import {
  type CommandContext,
  loadCatalogue,
  loadRunRegistry,
  startBackendOf,
  startChosenBackend,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { requireRun } from '../require-run.ts';
import { DENSE, SPARSE, sizeTable } from '../size-table.ts';
import { RunProgressBar } from '../run-progress-bar.ts';

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
  $ winnow export runs/first --format csr --json`;
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;

function describeFreezing({ before, after, images }: FrozenRun): string {
  return `frozen first, over ${images.toLocaleString('en')} training images: test accuracy ${percent(before.accuracy)} by the statistics of each batch, ${percent(after.accuracy)} frozen`;
}

function describe({ format, out, opset, froze, sizes }: ExportedRun): string[] {
  return [
    ...(froze ? [describeFreezing(froze)] : []),
    opset === undefined ? out : `${out} (opset ${opset})`,
    ...sizeTable({
      [`written, ${format}`]: sizes.written,
      [DENSE]: sizes.dense,
      [SPARSE]: sizes.sparse,
    }),
  ];
}

export async function exportCommand({ plugins }: CommandContext): Promise<Command> {
  const catalogue = await loadCatalogue(plugins);
  const command = new Command('export')
    .argument('<run>', 'the folder of a finished run')
    .requiredOption('--format <name>', 'what to write; a plugin of the run may bring more')
    .option(
      '--out <path>',
      'file, or folder of a format that is one (default: in export/ of the run folder)',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', helpOf(catalogue.all('exporter')));
  withPlugins(withBackend(command));
  return command.action(async (given: string, flags: ExportFlags) => {
    const { exportRun } = await import('@winnow/experiments');
    const { folder, config } = await requireRun(given);
    const registry = await loadRunRegistry([{ folder, config }], plugins);
    const bar = new RunProgressBar();
    try {
      const exported = await exportRun(folder, config, {
        registry,
        exporter: registry.get('exporter', flags.format),
        out: flags.out,
        startBackend: (computes) =>
          computes
            ? startBackendOf(config, flags.backend, registry)
            : startChosenBackend('auto', registry),
        onProgress: (progress) =>
          bar.update({ ...progress, phase: 'freeze', epoch: 0, epochs: 1, values: {} }),
      });
      bar.stop();
      if (flags.json) writeJson(exported);
      else process.stdout.write(`${describe(exported).join('\n')}\n`);
    } finally {
      bar.stop();
    }
  });
}
