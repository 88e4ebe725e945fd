import { findSuperfluous, removeSuperfluous } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { openStudy } from '../composition/open-study.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { pluginsOfStudy, readStudy } from '../flags/study-file.ts';
import { type StudyFlags, keepOption, withStudy } from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface CleanFlags extends StudyFlags {
  readonly others?: boolean;
  readonly failed?: boolean;
  readonly dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow study clean study.yaml --others --dry-run
  $ winnow study clean study.yaml --failed --keep ticket`;

const clean = handler([REGISTRY, CONSOLE, OPEN_DATASET], (registry, console, openDataset) => {
  return async (file: string, { json, dryRun = false, ...flags }: CleanFlags) => {
    const { others = false, failed = false } = flags;
    const { found, folder, keep } = await openStudy(
      file,
      flags,
      {},
      { registry, openDataset, console },
    );
    const superfluous = await findSuperfluous(found, folder, { others, failed, keep, registry });
    const paths = superfluous.map(({ path }) => path);
    if (!dryRun) await removeSuperfluous(superfluous);
    if (json) return printJson(console, { removed: dryRun ? [] : paths, found: paths });
    const what = dryRun ? 'would be removed' : 'removed';
    print(console, ...paths, `${paths.length} ${paths.length === 1 ? 'path' : 'paths'} ${what}`);
  };
});

export function studyCleanCommand(context: CommandContext): Command {
  const command = withStudy(new Command('clean'))
    .option('--others', 'also runs in the folder that the study does not name')
    .option('--failed', 'also runs that have failed')
    .addOption(keepOption())
    .option('--dry-run', 'list what would go, and remove nothing')
    .addHelpText('after', EXAMPLES);
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(clean, sourcesIn));
}
