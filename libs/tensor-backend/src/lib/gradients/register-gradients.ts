import * as tf from '@tensorflow/tfjs-core';
import { affineGradient } from './affine.ts';
import { averagePoolGradients } from './average-pool.ts';
import { batchNormalizeGradients } from './batch-normalize.ts';
import { constantGradients } from './constants.ts';
import { depthwiseGradients } from './depthwise.ts';
import { elementwiseGradients } from './elementwise.ts';
import { gatherGradients } from './gathers.ts';
import { givenStatisticsGradient } from './given-statistics.ts';
import { linearMapGradients } from './linear-maps.ts';
import { programGradientGradient } from './program.ts';
import { relaxGradient } from './relax.ts';
import { reductionGradients } from './reductions.ts';
import { shapeGradients } from './shapes.ts';

const gradients: readonly tf.GradConfig[] = [
  ...elementwiseGradients,
  ...reductionGradients,
  ...shapeGradients,
  ...gatherGradients,
  ...constantGradients,
  ...linearMapGradients,
  ...averagePoolGradients,
  ...depthwiseGradients,
  ...batchNormalizeGradients,
  affineGradient,
  givenStatisticsGradient,
  programGradientGradient,
  relaxGradient,
];

/**
 * Registers the gradient of every op that can be differentiated here, for every backend, twice at least.
 *
 * TensorFlow.js 4.22 has gradients of its own, but not in the module that Node loads; and those that save an op's
 * *output* lose second derivatives without a word, because the tape records the saved copy before the op. So these save
 * inputs and compute outputs again.
 */
export function registerGradients(): void {
  for (const gradient of gradients) tf.registerGradient(gradient);
}
