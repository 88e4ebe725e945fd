import { type Command, Option } from 'commander';
import { parseSeconds } from './option-parsers.ts';

/** Flags of every command that works on one run. */
export interface RunErrand {
  readonly until: 'ticket' | 'end';
  readonly checkpointSeconds: number;
  readonly json?: boolean;
}

export function withErrand(command: Command): Command {
  return command
    .addOption(
      new Option('--until <point>', 'stop once there is a ticket; the same run can go on later')
        .choices(['ticket', 'end'])
        .default('end'),
    )
    .option('--checkpoint-seconds <n>', 'seconds between checkpoints', parseSeconds, 20)
    .option('--json', 'print the result as JSON');
}
