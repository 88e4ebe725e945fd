import { COMPONENT_KINDS, type ComponentKind } from '@winnow/plugin-api';
import { Argument, Command } from 'commander';
import { type CommandContext, loadCatalogue, withPlugins, writeJson } from '../command-context.ts';

export function listCommand({ plugins }: CommandContext): Command {
  const command = new Command('list')
    .addArgument(new Argument('[kind]', 'only these').choices([...COMPONENT_KINDS]))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow list\n  $ winnow list objective --plugin ./mine.js',
    );
  return withPlugins(command).action(
    async (kind: ComponentKind | undefined, { json }: { json?: boolean }) => {
      const catalogue = await loadCatalogue(plugins);
      const listed = (kind ? [kind] : COMPONENT_KINDS).map((k) => ({
        kind: k,
        components: catalogue.all(k).map(({ name, summary }) => ({ name, summary })),
      }));
      if (json) {
        return writeJson(Object.fromEntries(listed.map((l) => [l.kind, l.components])));
      }
      const width = Math.max(...listed.flatMap((l) => l.components.map((c) => c.name.length)));
      for (const { kind: title, components } of listed) {
        process.stdout.write(`${title}\n`);
        if (components.length === 0) process.stdout.write('  none is built in\n');
        for (const { name, summary } of components) {
          process.stdout.write(`  ${name.padEnd(width)}  ${summary}\n`);
        }
      }
    },
  );
}
