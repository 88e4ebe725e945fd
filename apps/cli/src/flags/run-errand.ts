import type { JobPoint } from '@winnow/plugin-api';
import { type Command, Option } from 'commander';
import { parsePositive, parseSeconds } from './option-parsers.ts';
import { RepeatedOption } from './repeated-option.ts';

/** Flags of every command that works on one run. */
export interface ErrandFlags {
  readonly until: JobPoint;
  readonly observe?: readonly string[];
  readonly checkpointSeconds: number;
  readonly validateEvery?: number;
  readonly json?: boolean;
}

export function withErrand(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--until <point>',
        'stop at the start point, or with a ticket; the same run can go on later',
      )
        .choices(['start', 'ticket', 'end'])
        .default('end'),
    )
    .addOption(
      new RepeatedOption(
        '--observe <name>',
        'let an observer watch (see `winnow list observer`)',
        String,
      ),
    )
    .option('--checkpoint-seconds <n>', 'seconds between checkpoints', parseSeconds, 20)
    .option(
      '--validate-every <epochs>',
      'evaluate on the validation images every so many epochs of training, for a learning curve',
      parsePositive,
    )
    .option('--json', 'print the result as JSON');
}
