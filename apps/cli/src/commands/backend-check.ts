import { INSTALLABLE, assertInstallable, installation } from '@winnow/tensor-backend/install';
import { Command } from 'commander';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { startFound } from '../backends/probe.ts';
import { handler } from '../composition/handler.ts';
import { CONSOLE, INTERRUPTION, PROBE } from '../composition/tokens.ts';
import { print, printJson } from '../terminal/console.ts';
import { type BackendCheck, checkLines } from '../terminal/tell-installation.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow backend check
  $ winnow backend check tensorflow-gpu --json

Exit code 1 where none of those that it looks at starts.`;

/** Why it could not be installed here, if so. */
async function obstacle(name: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    await assertInstallable(name, { signal });
    return undefined;
  } catch (error) {
    if (!isWinnowError(error) || signal.aborted) throw error;
    return error.message;
  }
}

function noneStarts(all: readonly BackendCheck[]): WinnowError {
  const names = all.map(({ name }) => name).join(', ');
  return new WinnowError(
    'BACKEND_UNAVAILABLE',
    all.length === 1 ? `Backend "${names}" does not start here.` : `None starts here of ${names}.`,
    { hint: 'Runs do without: native and wasm come with Winnow.' },
  );
}

const check = handler(
  [CONSOLE, INTERRUPTION, PROBE],
  (console, interruption, probe) =>
    async (name: string | undefined, { json }: { json?: boolean }) => {
      const all: BackendCheck[] = [];
      for (const each of name === undefined ? INSTALLABLE : [name]) {
        const installed = await installation(each);
        // Of two TensorFlows, one process holds the first alone.
        const wish = { plugins: 'none', byName: true, measure: false, check: false } as const;
        const start = startFound(each, await probe({ backend: each, ...wish }));
        const lacks = installed
          ? undefined
          : await interruption((signal) => obstacle(each, signal));
        all.push({ name: each, installed, start, lacks });
      }
      if (json) printJson(console, all);
      else for (const each of all) print(console, ...checkLines(each));
      if (!all.some(({ start }) => start.starts)) throw noneStarts(all);
    },
);

export function backendCheckCommand(context: CommandContext): Command {
  return new Command('check')
    .argument('[name]', INSTALLABLE.join(', '))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(context.builtIn(check));
}
