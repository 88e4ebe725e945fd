import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { writeNewFolder } from '@winnow/files/disk';
import { DENSE, WinnowError } from '@winnow/plugin-api';
import {
  SCAFFOLD_KINDS,
  type ScaffoldKind,
  componentIn,
  pluginPackage,
  tryFlags,
} from '@winnow/scaffold';
import { shellLine } from '@winnow/studies';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { CLONE, versionsForPlugins } from '../composition/version.ts';
import { print } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface InitFlags {
  kind: ScaffoldKind;
  name?: string;
}

const EXAMPLES = `
Examples:
  $ winnow plugin init logit-match
  $ winnow plugin init stripes --kind dataset --name @me/stripes`;

const PACK = 'tools/pack-packages.mjs';

/** How Winnow and the rest get into a new package: where this is a clone, they are packed from it. */
function installation(dir: string): string[] {
  const enter = resolve(dir) === process.cwd() ? [] : [shellLine(['cd', dir])];
  if (!existsSync(join(CLONE, PACK))) return [...enter, 'npm install'];
  const packed = join(CLONE, 'packages');
  return [
    shellLine(['node', join(CLONE, PACK), '--out', packed, '--without-engines']),
    ...enter,
    // Its pattern is the shell's.
    `npm install --no-save ${shellLine([packed])}/*.tgz`,
  ];
}

const init = handler([REGISTRY, CONSOLE], (registry, console) => {
  return async (dir: string, { kind, name = basename(resolve(dir)) }: InitFlags) => {
    const files = pluginPackage({ name, kind, versions: versionsForPlugins() });
    const taken = [...registry.names(kind), ...(kind === 'pruner' ? [DENSE] : [])];
    if (taken.includes(componentIn(name))) {
      throw new WinnowError(
        'DUPLICATE_NAME',
        `The name "${componentIn(name)}" is taken by what is built in.`,
        { hint: 'Give another one with --name.' },
      );
    }
    await writeNewFolder(dir, files);
    const steps = [...installation(dir), 'npm test', `npx winnow run ${tryFlags(kind, name)}`];
    const shown = steps.map((step) => `  ${step}`);
    print(console, `Wrote the package ${name} to ${dir}. Next:`, '', ...shown);
  };
});

export function pluginInitCommand(context: CommandContext): Command {
  return new Command('init')
    .argument('<dir>', 'a new or empty folder')
    .addOption(
      new Option('--kind <kind>', 'what the package adds')
        .choices(SCAFFOLD_KINDS)
        .default('objective'),
    )
    .option('--name <name>', "of the package, and without its scope of the component; the folder's")
    .addHelpText('after', EXAMPLES)
    .action(context.builtIn(init));
}
