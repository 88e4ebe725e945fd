import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startChosenBackend } from '@winnow/experiments';
import { quickstart } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import * as tokens from '../composition/tokens.ts';
import { versions } from '../composition/version.ts';
import { withBackend } from '../flags/common-flags.ts';
import { parsePositive } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { showStudy } from '../terminal/show-study.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

interface QuickstartFlags {
  out: string;
  backend: string;
  parallel: number;
  json?: boolean;
}

const { REGISTRY, CONSOLE, CLOCK, INTERRUPTION, EXECUTOR, OPEN_DATASET } = tokens;
const needs = [REGISTRY, CONSOLE, CLOCK, INTERRUPTION, EXECUTOR, OPEN_DATASET] as const;

const start = handler(needs, (registry, console, clock, interruption, execute, openDataset) => {
  return async ({ out, parallel, json, ...flags }: QuickstartFlags) => {
    const backend = await startChosenBackend(flags.backend, registry);
    const setting = { out, parallel, backend, registry, clock, execute, openDataset };
    const { results, text } = await interruption((signal) =>
      showStudy(console.notes, json, (onEvent) =>
        quickstart({ ...setting, signal, versions: versions(), onEvent }),
      ),
    );
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
