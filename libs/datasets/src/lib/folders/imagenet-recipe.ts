import type { DatasetRecipe } from '@winnow/plugin-api';

/** The paper's recipe for ImageNet. */
export const imagenetRecipe: DatasetRecipe = {
  learningRate: 0.4,
  epochs: 90,
  dropEpochs: [30, 60, 80],
  warmupEpochs: 5,
  weightDecay: 1e-4,
  batchSize: 1024,
};

/** Of red, green and blue bytes; the field's for ImageNet and its relatives. */
export const IMAGENET_NORMALIZATION = {
  mean: [0.485, 0.456, 0.406].map((m) => 255 * m),
  std: [0.229, 0.224, 0.225].map((s) => 255 * s),
};
