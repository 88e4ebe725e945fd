import { resolve } from 'node:path';
import { assertNothingLost, freezeRun, startBackendOf } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { BAR, CONSOLE, OPEN_DATASET, REGISTRY, RUNS } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { showFreezing } from '../terminal/freezing-progress.ts';
import { frozenLines } from '../terminal/tell-frozen.ts';
import type { CommandContext } from './command-context.ts';
import { recordedRun } from './recorded-run.ts';

interface FreezeFlags {
  out?: string;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow freeze runs/first
  $ winnow freeze runs/first --out ticket-for-deployment.safetensors --json`;

const freeze = handler(
  [RUNS, REGISTRY, CONSOLE, BAR, OPEN_DATASET],
  ([run], registry, console, bar, open) => {
    return async (_path: string, { backend, out = run!.folder.frozen, json }: FreezeFlags) => {
      const { folder, config } = run!;
      if (resolve(out) !== resolve(folder.frozen)) assertNothingLost('--out', out);
      await startBackendOf(config, backend, registry);
      const frozen = await showFreezing(bar, (onProgress) =>
        freezeRun(folder, config, { registry, out, open, onProgress }),
      );
      if (json) printJson(console, { ...frozen, out });
      else print(console, ...frozenLines(frozen), out);
    };
  },
);

export function freezeCommand(context: CommandContext): Command {
  const command = new Command('freeze')
    .argument('<run>', 'the folder of a finished run')
    .option('--out <file>', 'safetensors (default: frozen.safetensors in the run folder)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(withBackend(command)).action(context.action(freeze, recordedRun));
}
