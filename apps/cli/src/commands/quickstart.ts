import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { assertNoRun, startChosenBackend } from '@winnow/experiments';
import { quickstart } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, OPEN_DATASET, REGISTRY, STUDY } from '../composition/tokens.ts';
import { withBackend } from '../flags/common-flags.ts';
import { parsePositive } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

interface QuickstartFlags {
  out: string;
  backend: string;
  parallel: number;
  json?: boolean;
}

const needs = [REGISTRY, CONSOLE, CLOCK, OPEN_DATASET, STUDY] as const;
const start = handler(needs, (registry, console, clock, openDataset, study) => {
  return async ({ out, parallel, json, ...flags }: QuickstartFlags) => {
    assertNoRun('--out', out);
    const backend = await startChosenBackend(flags.backend, registry);
    const executorOptions = { parallel };
    const setting = { out, executorOptions, backend, registry, clock, openDataset };
    const { results, text } = await study(json, (many) => quickstart({ ...setting, ...many }));
    if (json) printJson(console, results);
    else print(console, ...reportLines(text));
  };
});

export function quickstartCommand(context: CommandContext): Command {
  const command = new Command('quickstart')
    .option('--out <dir>', 'folder of its runs', join('runs', 'quickstart'))
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow quickstart\n  $ winnow quickstart --out elsewhere --json',
    );
  return withBackend(command).action(context.builtIn(start));
}
