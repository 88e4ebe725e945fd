import { Command } from 'commander';
import {
  type CommandContext,
  loadRunRegistry,
  startChosenBackend,
  withPlugins,
} from '../command-context.ts';
import { type RunErrand, withErrand } from '../run-errand.ts';

export function resumeCommand({ plugins }: CommandContext): Command {
  const command = new Command('resume')
    .argument('<run>', 'run folder')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow resume runs/first\n  $ winnow resume runs/first --until ticket --json',
    );
  return withPlugins(withErrand(command)).action(async (path: string, flags: RunErrand) => {
    const { assertPluginsUnchanged, reopenDataset } = await import('@winnow/experiments');
    const { carryOutRun } = await import('../carry-out-run.ts');
    const { requireRun } = await import('../require-run.ts');
    const { folder, config } = await requireRun(path);
    const registry = await loadRunRegistry([{ folder, config }], plugins);
    assertPluginsUnchanged(config, registry.plugins, folder.path);
    await startChosenBackend(config.backend, registry);
    const dataset = await reopenDataset(config, registry);
    await carryOutRun(config, folder, { registry, dataset }, flags);
  });
}
