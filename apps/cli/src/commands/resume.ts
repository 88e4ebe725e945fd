import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { BAR, CONSOLE, RUNNER, RUNS } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type ErrandFlags, withErrand } from '../flags/run-errand.ts';
import { carryOut } from './carry-out.ts';
import type { CommandContext } from './command-context.ts';
import { recordedRun } from './recorded-run.ts';

type ResumeFlags = ErrandFlags & { readonly backend?: string } & Record<string, unknown>;

export async function resumeCommand(context: CommandContext): Promise<Command> {
  const command = new Command('resume')
    .argument('<run>', 'run folder')
    .option('--backend <name>', 'what computes from here on (default: what the run began on)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow resume runs/first\n  $ winnow resume runs/first --until ticket --json\n  $ winnow resume runs/first --backend webgpu\n  $ winnow resume runs/first --observe mlflow --mlflow-uri http://127.0.0.1:5000',
    );
  withPlugins(withErrand(command));
  const observerOptions = addComponentOptions(command, await context.catalogue(), ['observer']);

  const resume = handler([RUNS, RUNNER, CONSOLE, BAR], ([run], runner, console, bar) => {
    return async (_path: string, flags: ResumeFlags) => {
      const { validateEvery } = flags;
      const config = { ...run!.config, ...(validateEvery !== undefined && { validateEvery }) };
      const ready = await runner.reopen({ ...run!, config });
      const { backend } = flags;
      await carryOut(ready, flags, observerOptions(flags), { runner, console, bar, backend });
    };
  });
  return command.action(context.action(resume, recordedRun));
}
