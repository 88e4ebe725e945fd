import type * as tf from '@tensorflow/tfjs-core';
import { noSecondDerivative } from '../no-gradient.ts';
import { PROGRAM_GRADIENT } from '../programs/program-op.ts';

/** A program is differentiated once; who does it again is told what to do. */
export const programGradientGradient: tf.GradConfig = {
  kernelName: PROGRAM_GRADIENT,
  gradFunc: () => {
    throw noSecondDerivative();
  },
};
