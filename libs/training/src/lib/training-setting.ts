import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  Checkpoints,
  ImageSource,
  NamedTensors,
  Network,
  ProgressReport,
} from '@winnow/plugin-api';
import type { RecipeInput } from './recipe.ts';

/** Tensors by parameter name; an interface that lists them will do. */
export type TensorsByName<P> = { readonly [K in keyof P]: Tensor };

export interface TrainingSetting<P extends TensorsByName<P> = NamedTensors> {
  readonly network: Network;
  /** At the start point; they stay as they are. */
  readonly parameters: P;
  readonly train: ImageSource;
  readonly recipe: RecipeInput;
  /** Of the order of the images and their augmentation; 1 when left out. */
  readonly seed?: number;
  /** The recipe's epoch that the start point is at; 0 when left out. */
  readonly fromEpoch?: number;
  /** Where the state is kept when work is interrupted, and gone on from; nowhere when left out. */
  readonly checkpoints?: Checkpoints;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: ProgressReport) => void;
}
