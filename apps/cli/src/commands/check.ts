import { availableParallelism } from 'node:os';
import { WinnowError } from '@winnow/plugin-api';
import { Command } from 'commander';
import { type CommandContext, pluginFiles, withPlugins, writeJson } from '../command-context.ts';
import { list, parsePositive } from '../option-parsers.ts';
import { interruption } from '../interruption.ts';

interface CheckFlags {
  seeds: number;
  ablations?: string[];
  parallel: number;
  out?: string;
  json?: boolean;
}

const SEEDS = 3;
const EXAMPLES = `
Examples:
  $ winnow check runs/first
  $ winnow check runs/first/ticket.safetensors --ablations shuffle --seeds 5
  $ winnow check runs/kl-0.262 runs/kl-0.107 runs/kl-0.044 --out runs/figure5
Ctrl-C saves the state; the same command goes on where it stopped.`;

export async function checkCommand({ plugins }: CommandContext): Promise<Command> {
  const { ABLATION_NAMES } = await import('@winnow/experiments');
  const command = new Command('check')
    .argument(
      '<run...>',
      'folder of a run, or the ticket in it; runs of several seeds or densities',
    )
    .option('--seeds <n>', 'seeds at each density; missing ones are run', parsePositive, SEEDS)
    .option(
      '--ablations <names>',
      `${ABLATION_NAMES.join(', ')} (default: all that can be made)`,
      list(String),
    )
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--out <dir>', "of the report (default: checks/ in the first run's folder)")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(command).action(async (paths: string[], flags: CheckFlags) => {
    const { requireRun } = await import('../require-run.ts');
    const { sanityChecks } = await import('../sanity-checks.ts');
    const { writeCheckReport } = await import('../check-report.ts');
    const ablations = flags.ablations?.map((name) => {
      const known = ABLATION_NAMES.find((ablation) => ablation === name);
      if (known) return known;
      throw new WinnowError('INVALID_OPTION', `There is no ablation "${name}".`, {
        hint: `Give some of ${ABLATION_NAMES.join(', ')}, with commas between.`,
      });
    });
    const runs = await Promise.all(paths.map(requireRun));
    const { seeds, parallel } = flags;
    const signal = interruption();
    const quiet = !!flags.json;
    const summary = await sanityChecks({
      runs,
      seeds,
      ablations,
      parallel,
      signal,
      quiet,
      plugins: await pluginFiles(plugins),
    });
    const text = await writeCheckReport(summary, flags.out ?? runs[0]!.folder.file('checks'));
    if (flags.json) writeJson(summary);
    else process.stdout.write(text);
  });
}
