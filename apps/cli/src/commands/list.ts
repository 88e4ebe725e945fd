import { COMPONENT_KINDS, type ComponentKind } from '@winnow/plugin-api';
import { Argument, Command } from 'commander';
import { withPlugins } from '../flags/common-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { oneLine } from '../terminal/one-line.ts';
import type { CommandContext } from './command-context.ts';

/** What is no kind of component: `winnow list runs --help` tells of it. */
const RUNS = 'runs';

/** Composes nothing: the catalogue is all that it needs, and it starts fast. */
export async function listCommand(context: CommandContext): Promise<Command> {
  if (context.words[0] === RUNS) {
    const { listRunsCommand } = await import('./list-runs.ts');
    return listRunsCommand(context);
  }
  const command = new Command('list')
    .addArgument(new Argument('[kind]', 'only these').choices([...COMPONENT_KINDS, RUNS]))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow list\n  $ winnow list objective --plugin ./mine.js\n  $ winnow list runs',
    );
  return withPlugins(command).action(
    async (kind: ComponentKind | undefined, { json }: { json?: boolean }) => {
      const { console } = context;
      const catalogue = await context.catalogue();
      const listed = (kind ? [kind] : COMPONENT_KINDS).map((k) => ({
        kind: k,
        components: catalogue.all(k).map(({ name, summary }) => ({ name, summary })),
      }));
      if (json)
        return printJson(console, Object.fromEntries(listed.map((l) => [l.kind, l.components])));
      const width = Math.max(...listed.flatMap((l) => l.components.map((c) => c.name.length)));
      for (const { kind: title, components } of listed) {
        print(console, title);
        for (const { name, summary } of components)
          print(console, `  ${name.padEnd(width)}  ${oneLine(summary)}`);
      }
    },
  );
}
