import { startChosenBackend, traceFallbacks } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { machineFacts } from '../composition/machine.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { machineLines } from '../terminal/tell-machine.ts';
import type { CommandContext } from './command-context.ts';

interface DoctorFlags {
  trace?: boolean;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow doctor
  $ winnow doctor --json
  $ winnow doctor --trace --backend native`;

const examine = handler([REGISTRY, CONSOLE], (registry, console) => {
  return async ({ trace: traced, backend, json }: DoctorFlags) => {
    const facts = await machineFacts(registry);
    const trace = traced && {
      trace: traceFallbacks(await startChosenBackend(backend, registry), registry),
    };
    const all = { ...facts, ...trace };
    if (json) printJson(console, all);
    else print(console, ...machineLines(all));
  };
});

export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .option(
      '--trace',
      "take a training step and a CTS step, and list what native or webgpu left to TensorFlow.js's reference",
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(withBackend(command)).action(context.action(examine));
}
