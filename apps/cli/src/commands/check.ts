import { availableParallelism } from 'node:os';
import { ABLATION_NAMES, assertNoRun, renewRunReport, requireRun } from '@winnow/experiments';
import { type SkippedCheck, sanityChecks, writeCheckReport } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { assertRecordedPlugins } from '../composition/load-plugins.ts';
import { CONSOLE, PLUGIN_FILES, REGISTRY, STUDY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { list, parsePositive } from '../flags/option-parsers.ts';
import { note, print, printJson } from '../terminal/console.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

interface CheckFlags {
  seeds: number;
  ablations?: string[];
  parallel: number;
  out?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow check runs/first
  $ winnow check runs/first/ticket.safetensors --ablations shuffle --seeds 5
  $ winnow check runs/kl-0.262 runs/kl-0.107 runs/kl-0.044 --out runs/figure5
Ctrl-C saves the state; the same command goes on where it stopped.`;

const needs = [REGISTRY, PLUGIN_FILES, CONSOLE, STUDY] as const;
const check = handler(needs, (registry, plugins, console, study) => {
  return async (paths: string[], { seeds, ablations, parallel, out, json }: CheckFlags) => {
    if (out !== undefined) assertNoRun('--out', out);
    const runs = await Promise.all(paths.map(requireRun));
    await assertRecordedPlugins(runs, plugins);
    const executorOptions = { parallel };
    const onSkip = ({ density, ablation, reason }: SkippedCheck) =>
      note(console, `density ${density}: ${ablation} is skipped: ${reason}`);
    const asked = { runs, seeds, ablations, out, executorOptions, plugins, registry, onSkip };
    const summary = await study(json, (many) => sanityChecks({ ...asked, ...many }));
    const { folder } = runs[0]!;
    // The page of the run and that of its checks each lead to the other, once that is there.
    const renew = async () => {
      if (out === undefined) await renewRunReport(folder, registry);
    };
    await renew();
    const text = await writeCheckReport(summary, out ?? folder.file('checks'));
    await renew();
    if (json) printJson(console, summary);
    else print(console, ...reportLines(text));
  };
});

export function checkCommand(context: CommandContext): Command {
  const command = new Command('check')
    .argument('<run...>', 'folders of runs, of several seeds or densities, or tickets in them')
    .option('--seeds <n>', 'seeds at each density; missing ones are run', parsePositive, 3)
    .option(
      '--ablations <names>',
      `${ABLATION_NAMES.join(', ')} (default: all that can be made)`,
      list(String),
    )
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--out <dir>', 'of all that is written (default: checks/ in the folders of the runs)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(command).action(context.builtIn(check));
}
