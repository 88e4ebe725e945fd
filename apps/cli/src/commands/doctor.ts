import { assertWritable } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { assertNothingLost, startChosenBackend, traceFallbacks } from '@winnow/experiments';
import { Command } from 'commander';
import { gpuReport } from '../backends/gpu-report.ts';
import { handler } from '../composition/handler.ts';
import { machineFacts } from '../composition/machine.ts';
import { CONSOLE, PLUGIN_FILES, PROBE, RECORDS, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { machineLines } from '../terminal/tell-machine.ts';
import type { CommandContext } from './command-context.ts';

interface DoctorFlags {
  measure?: boolean;
  gpuReport?: string;
  trace?: boolean;
  backend?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow doctor
  $ winnow doctor --measure
  $ winnow doctor --gpu-report gpu.json
  $ winnow doctor --json
  $ winnow doctor --trace --backend native`;

const examine = handler(
  [REGISTRY, CONSOLE, RECORDS, PROBE, PLUGIN_FILES],
  (registry, console, records, probe, plugins) => {
    const onProbe = (backend: string) => void console.notes.write(`trying ${backend} …\n`);
    const setting = { registry, records, probe, plugins, onProbe };
    return async ({
      measure = false,
      gpuReport: file,
      trace: traced,
      backend,
      json,
    }: DoctorFlags) => {
      if (backend !== undefined && !traced) {
        throw new WinnowError('OPTION_NOT_USED', 'Only --trace computes on one --backend.', {
          hint: 'Add --trace, or leave out --backend: all are looked at.',
        });
      }
      const check = file !== undefined;
      if (check) {
        assertNothingLost('--gpu-report', file);
        await assertWritable(file);
      }
      const facts = await machineFacts(setting, { measure: measure || check, check });
      const trace = traced && {
        trace: traceFallbacks(await startChosenBackend(backend ?? 'auto', registry), registry),
      };
      const all = { ...facts, ...trace };
      const report = check && (await gpuReport(facts, file));
      if (json) printJson(console, report || all);
      else print(console, ...machineLines(all));
      if (check)
        console.notes.write(
          `Wrote ${file}. Nothing was sent: read it, and send it to whom you like.\n`,
        );
    };
  },
);

export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .option(
      '--measure',
      'time a training step on every backend that starts, each in a process of its own, and keep it: auto takes the fastest',
    )
    .option(
      '--gpu-report <file>',
      'measure, check what each backend computes, and write it all as JSON that names neither you nor your machine; nothing is sent',
    )
    .option(
      '--trace',
      "take a training step and a CTS step, and list what native, tensorflow or webgpu left to TensorFlow.js's reference",
    )
    .option('--backend <name>', 'what --trace computes on (default: auto)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(command).action(context.action(examine));
}
