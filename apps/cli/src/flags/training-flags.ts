import { type Command, Option } from 'commander';
import { parseNumber } from './option-parsers.ts';

/** Flags of every command that begins runs; what their numbers may be, `planRun` checks. */
export interface TrainingFlags {
  readonly model: string;
  readonly start: 'init' | 'rewind';
  readonly rewindEpochs?: number;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly weightDecay?: number;
  readonly recipe: 'standard' | 'authors';
}

export function withTraining(command: Command, start: TrainingFlags['start']): Command {
  return command
    .option('--model <name>', 'network', 'resnet20')
    .addOption(
      new Option(
        '--start <point>',
        'train the ticket from the initialisation, or from a rewind point',
      )
        .choices(['init', 'rewind'])
        .default(start),
    )
    .option(
      '--rewind-epochs <n>',
      "epochs before the rewind point (default: the model's share)",
      parseNumber,
    )
    .option('--epochs <n>', "epochs of training (default: the data set's recipe)", parseNumber)
    .option('--learning-rate <rate>', "(default: the data set's recipe)", parseNumber)
    .option('--batch-size <n>', "(default: the data set's recipe)", parseNumber)
    .option('--weight-decay <λ>', "(default: the data set's recipe)", parseNumber)
    .addOption(
      new Option('--recipe <name>', "order of clipping and masking: the field's, or the authors'")
        .choices(['standard', 'authors'])
        .default('standard'),
    );
}
