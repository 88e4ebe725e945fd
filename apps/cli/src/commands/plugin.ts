import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ScaffoldKind } from '@winnow/scaffold';
import { WinnowError } from '@winnow/plugin-api';
import { Command, Option } from 'commander';
import { type CommandTable, addCommands } from '../add-commands.ts';
import { type CommandContext, loadRegistry } from '../command-context.ts';
import { writeFolder } from '../write-folder.ts';

/** Of Winnow, and of what a plugin must have the same copy of. */
function versionsForPlugins() {
  const url = new URL('../../package.json', import.meta.url);
  const { version, dependencies } = JSON.parse(readFileSync(url, 'utf8')) as {
    version: string;
    dependencies: { '@tensorflow/tfjs-core': string; zod: string };
  };
  return { winnow: version, tfjs: dependencies['@tensorflow/tfjs-core'], zod: dependencies.zod };
}

async function initCommand(): Promise<Command> {
  const { SCAFFOLD_KINDS, componentIn, pluginPackage, tryFlags } = await import('@winnow/scaffold');
  return new Command('init')
    .argument('<dir>', 'a new or empty folder')
    .addOption(
      new Option('--kind <kind>', 'what the package adds')
        .choices(SCAFFOLD_KINDS)
        .default('objective'),
    )
    .option('--name <name>', "of the package, and without its scope of the component; the folder's")
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow plugin init logit-match\n  $ winnow plugin init stripes --kind dataset --name @me/stripes',
    )
    .action(async (dir: string, { kind, name: given }: { kind: ScaffoldKind; name?: string }) => {
      const name = given ?? basename(resolve(dir));
      const files = pluginPackage({ name, kind, versions: versionsForPlugins() });
      const { DENSE } = await import('@winnow/experiments');
      const taken = (await loadRegistry([])).names(kind);
      if ([...taken, ...(kind === 'pruner' ? [DENSE] : [])].includes(componentIn(name))) {
        throw new WinnowError(
          'DUPLICATE_NAME',
          `The name "${componentIn(name)}" is taken by what is built in.`,
          { hint: 'Give another one with --name.' },
        );
      }
      await writeFolder(dir, files);
      const steps = [
        ...(resolve(dir) === process.cwd() ? [] : [`cd ${dir}`]),
        'npm install',
        'npm test',
        `npx winnow run ${tryFlags(kind, name)}`,
      ];
      const lines = [
        `Wrote the package ${name} to ${dir}. Next:`,
        '',
        ...steps.map((step) => `  ${step}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

const commands: CommandTable = {
  init: {
    summary: 'write an npm package around a component of your own: source, test, README',
    build: () => Promise.resolve(initCommand),
  },
};

export async function pluginCommand(context: CommandContext): Promise<Command> {
  const command = new Command('plugin').addHelpText(
    'after',
    '\nExamples:\n  $ winnow plugin init logit-match',
  );
  await addCommands(command, commands, context);
  return command;
}
