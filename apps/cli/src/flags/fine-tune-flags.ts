import { FINE_TUNE_SCHEDULES, type FineTune } from '@winnow/experiments';
import { type Command, Option } from 'commander';
import { parseNumber } from './option-parsers.ts';

/** Flags of a run whose ticket is fine-tuned. */
export interface FineTuneFlags {
  readonly fineTune?: boolean;
  readonly fineTuneEpochs?: number;
  readonly fineTuneLearningRate?: number;
  readonly fineTuneSchedule?: FineTune['schedule'];
}

export function withFineTuning(command: Command): Command {
  return command
    .option(
      '--fine-tune',
      'train the ticket on from the start point by a schedule of its own, in place of the recipe',
    )
    .option(
      '--fine-tune-epochs <n>',
      "epochs of it (default: a tenth of the recipe's)",
      parseNumber,
    )
    .option(
      '--fine-tune-learning-rate <rate>',
      "at its beginning (default: the recipe's last)",
      parseNumber,
    )
    .addOption(
      new Option(
        '--fine-tune-schedule <name>',
        'the rate stays, or falls to 0 step by step (default: constant)',
      ).choices(FINE_TUNE_SCHEDULES),
    );
}
