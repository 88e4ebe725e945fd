import { WinnowError } from '@winnow/plugin-api';
import { type TrainingRecipe, learningRateAt } from '@winnow/training';
import * as z from 'zod';

export const FINE_TUNE_SCHEDULES = ['constant', 'linear'] as const;

/** How the weights of the start point are trained on under the ticket, in place of what the recipe has left. */
export const fineTune = z.strictObject({
  epochs: z.number().int().positive(),
  /** At the beginning. */
  learningRate: z.number().positive(),
  /**
   * It stays, as in fine-tuning by Renda et al. (arXiv 2003.02389), or falls step by step to 0, as by Zimmer et al. (arXiv
   * 2111.00843).
   */
  schedule: z.enum(FINE_TUNE_SCHEDULES),
});

export type FineTune = z.output<typeof fineTune>;

/** Fine-tuning as a user asks for it. */
export interface FineTuneRequest {
  readonly fineTune?: boolean | undefined;
  /** A tenth of the recipe's when left out. */
  readonly fineTuneEpochs?: number | undefined;
  /** The recipe's last when left out. */
  readonly fineTuneLearningRate?: number | undefined;
  readonly fineTuneSchedule?: FineTune['schedule'] | undefined;
}

const OWN = {
  fineTuneEpochs: '--fine-tune-epochs',
  fineTuneLearningRate: '--fine-tune-learning-rate',
  fineTuneSchedule: '--fine-tune-schedule',
} as const satisfies Partial<Record<keyof FineTuneRequest, string>>;

/** What is asked for, by a recipe's defaults. Throws INVALID_OPTION for a part of it alone, or where no weights were trained. */
export function fineTuneOf(
  request: FineTuneRequest,
  recipe: TrainingRecipe,
  isTrained: boolean,
): FineTune | undefined {
  if (!request.fineTune) {
    const stray = Object.entries(OWN).find(
      ([name]) => request[name as keyof FineTuneRequest] !== undefined,
    );
    if (!stray) return undefined;
    throw new WinnowError(
      'INVALID_OPTION',
      `${stray[1]} is of fine-tuning, which is not asked for.`,
      {
        hint: `Give --fine-tune, or leave ${stray[1]} out.`,
      },
    );
  }
  if (!isTrained) {
    throw new WinnowError('INVALID_OPTION', 'Nothing was trained that could be fine-tuned.', {
      hint: 'Give --start-weights, or --start rewind and a density below 1.',
    });
  }
  return {
    epochs: request.fineTuneEpochs ?? Math.max(1, Math.round(recipe.epochs / 10)),
    learningRate: request.fineTuneLearningRate ?? learningRateAt(recipe, recipe.epochs - 1, 1),
    schedule: request.fineTuneSchedule ?? 'constant',
  };
}

/** As reports say it: "4 epochs at 0.001, constant". */
export function tellFineTune({ epochs, learningRate, schedule }: FineTune): string {
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} at ${Number(learningRate.toPrecision(6))}, ${schedule}`;
}

/** The recipe of fine-tuning, which differs in its schedule alone. */
export function fineTuningRecipe(
  recipe: TrainingRecipe,
  { epochs, learningRate, schedule }: FineTune,
): TrainingRecipe {
  return {
    ...recipe,
    epochs,
    learningRate,
    dropEpochs: [],
    warmupEpochs: 0,
    ...(schedule === 'linear' && { decay: schedule }),
  };
}
