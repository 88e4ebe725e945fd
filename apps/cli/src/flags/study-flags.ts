import { ALLOWED, type Allowed } from '@winnow/studies';
import { type Command, InvalidArgumentError } from 'commander';
import { withPlugins } from './common-flags.ts';
import { list } from './option-parsers.ts';

/** Flags of every command that looks at a study's runs. */
export interface StudyFlags {
  readonly runs?: string;
  readonly allow?: readonly Allowed[];
  readonly json?: boolean;
}

function allowed(word: string): Allowed {
  const known = ALLOWED.find((one) => one === word);
  if (known) return known;
  throw new InvalidArgumentError(`Give some of ${ALLOWED.join(', ')}, with commas between.`);
}

export function withStudy(command: Command): Command {
  command
    .argument('<file>', 'the study')
    .option('--runs <dir>', "folder of the runs (default: the file's, or runs beside it)")
    .option(
      '--allow <differences>',
      `take runs that were made by another ${ALLOWED.join(', ')} for done or begun`,
      list(allowed),
    )
    .option('--json', 'print JSON');
  return withPlugins(command);
}
