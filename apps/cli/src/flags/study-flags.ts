import type { GivenOptions } from '@winnow/plugin-api';
import { ALLOWED, KEPT } from '@winnow/studies';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../commands/command-context.ts';
import type { StudyWish } from '../composition/open-study.ts';
import { withPlugins } from './common-flags.ts';
import { addComponentOptions } from './component-options.ts';
import { list } from './option-parsers.ts';
import { RepeatedOption } from './repeated-option.ts';

/** Flags of every command that looks at a study's runs. */
export interface StudyFlags extends StudyWish, Record<string, unknown> {
  readonly json?: boolean;
}

const oneOf =
  <T extends string>(known: readonly T[]) =>
  (word: string): T => {
    const found = known.find((one) => one === word);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Give some of ${known.join(', ')}, with commas between.`);
  };

export const allowOption = () =>
  new Option(
    '--allow <differences>',
    `take runs that were made by another ${ALLOWED.join(', ')} as they are`,
  ).argParser(list(oneOf(ALLOWED)));

export const keepOption = () =>
  new Option(
    '--keep <documents>',
    `of runs that are done, beside their results: ${KEPT.join(', ')}`,
  ).argParser(list(oneOf(KEPT)));

export const observeOption = () =>
  new RepeatedOption(
    '--observe <name>',
    'let an observer watch the runs (see `winnow list observer`)',
    String,
  );

export function withStudy(command: Command): Command {
  command
    .argument('<file>', 'the study')
    .option('--runs <dir>', "folder of the runs (default: the file's, or runs beside it)")
    .option('--json', 'print JSON');
  return withPlugins(command);
}

/** Of commands that have to do with executors too; gives how to read the executors' options. */
export async function withExecutor(
  command: Command,
  context: CommandContext,
): Promise<(flags: StudyFlags) => GivenOptions> {
  command.option('--executor <name>', "what carries the runs out (default: the file's, or local)");
  return addComponentOptions(withStudy(command), await context.catalogue(), ['executor']);
}
