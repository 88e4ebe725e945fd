import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { withBackend, writeJson } from '../command-context.ts';
import { parsePositive } from '../option-parsers.ts';
import { interruption } from '../interruption.ts';

interface QuickstartFlags {
  out: string;
  backend: string;
  parallel: number;
  json?: boolean;
}

export function quickstartCommand(): Command {
  const command = new Command('quickstart')
    .option('--out <dir>', 'folder of its runs', join('runs', 'quickstart'))
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow quickstart\n  $ winnow quickstart --out elsewhere --json',
    );
  return withBackend(command).action(async (flags: QuickstartFlags) => {
    const { quickstart } = await import('../quickstart.ts');
    const entry = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
    const summary = await quickstart({
      ...flags,
      entry,
      signal: interruption(),
      quiet: !!flags.json,
    });
    if (flags.json) writeJson(summary.results);
    else process.stdout.write(summary.text);
  });
}
