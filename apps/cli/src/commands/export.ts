import { EXPORTERS } from '@winnow/exchange';
import type { ExportedRun, FrozenRun } from '@winnow/experiments';
import { Command, Option } from 'commander';
import {
  type CommandContext,
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

const FORMATS = EXPORTERS.map(({ name, summary }) => `  ${name.padEnd(11)}  ${summary}`);

const HELP = `
Formats:
${FORMATS.join('\n')}

Examples:
  $ winnow export runs/first --format onnx
  $ winnow export runs/first --format tfjs --out public/model
  $ winnow export runs/first --format csr --json`;

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

export function exportCommand({ plugins }: CommandContext): Command {
  const command = new Command('export')
    .argument('<run>', 'the folder of a finished run')
    .addOption(
      new Option('--format <name>')
        .choices(EXPORTERS.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .option('--out <path>', 'file, or for tfjs a folder (default: in export/ of the run folder)')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP);
  withPlugins(withBackend(command));
  return command.action(async (given: string, flags: ExportFlags) => {
    const { exportRun } = await import('@winnow/experiments');
    const { folder, config } = await requireRun(given);
    const registry = await loadRunRegistry([{ folder, config }], plugins);
    const bar = new RunProgressBar();
    try {
      const exported = await exportRun(folder, config, {
        registry,
        exporter: EXPORTERS.find(({ name }) => name === flags.format)!,
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
