import type { FrozenRun } from '@winnow/experiments';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRunRegistry,
  startBackendOf,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { requireRun } from '../require-run.ts';
import { RunProgressBar } from '../run-progress-bar.ts';

interface FreezeFlags {
  out?: string;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow freeze runs/first
  $ winnow freeze runs/first --out ticket-for-deployment.safetensors --json`;

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
const count = (n: number) => n.toLocaleString('en');

function describe({ normalizations, images, before, after }: FrozenRun): string[] {
  const tested = `of ${count(after.examples)} test images`;
  if (normalizations === 0) {
    return [
      `nothing normalises in this network: its weights are copied as they are`,
      `test accuracy ${percent(before.accuracy)} ${tested}`,
    ];
  }
  return [
    `test accuracy ${percent(before.accuracy)} by the statistics of each batch, ${percent(after.accuracy)} frozen, ${tested}`,
    `${normalizations} normalisation layers, with the mean and variance over ${count(images)} training images`,
  ];
}

export function freezeCommand({ plugins }: CommandContext): Command {
  const command = new Command('freeze')
    .argument('<run>', 'the folder of a finished run')
    .option('--out <file>', 'safetensors (default: frozen.safetensors in the run folder)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  withPlugins(withBackend(command));
  return command.action(async (given: string, flags: FreezeFlags) => {
    const { freezeRun } = await import('@winnow/experiments');
    const { folder, config } = await requireRun(given);
    const registry = await loadRunRegistry([{ folder, config }], plugins);
    await startBackendOf(config, flags.backend, registry);
    const out = flags.out ?? folder.frozen;
    const bar = new RunProgressBar();
    try {
      const frozen = await freezeRun(folder, config, {
        registry,
        out,
        onProgress: (progress) =>
          bar.update({ ...progress, phase: 'freeze', epoch: 0, epochs: 1, values: {} }),
      });
      bar.stop();
      if (flags.json) writeJson({ ...frozen, out });
      else process.stdout.write(`${[...describe(frozen), out].join('\n')}\n`);
    } finally {
      bar.stop();
    }
  });
}
