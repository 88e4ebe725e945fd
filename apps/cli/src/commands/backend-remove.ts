import { INSTALLABLE, removeBackend } from '@winnow/tensor-backend/install';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE } from '../composition/tokens.ts';
import { print, printJson } from '../terminal/console.ts';
import { megabytes } from '../terminal/tell-installation.ts';
import { namedBackend } from './named-backend.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow backend remove tensorflow`;

const remove = handler(
  [CONSOLE],
  (console) =>
    async (given: string | undefined, { json }: { json?: boolean }) => {
      const name = namedBackend(given);
      const removed = await removeBackend(name);
      if (json) printJson(console, { name, removed: removed ?? null });
      else if (removed) print(console, `Removed ${removed.what} (${megabytes(removed.bytes)}).`);
      else print(console, `Backend ${name} was not installed.`);
    },
);

export function backendRemoveCommand(context: CommandContext): Command {
  return new Command('remove')
    .argument('[name]', INSTALLABLE.join(', '))
    .usage('[options] <name>')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(context.builtIn(remove));
}
