import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ImageShape, Network } from '@winnow/plugin-api';
import { declareParameters } from './declare-parameters.ts';
import { Evaluation } from './evaluate.ts';
import type { Architecture } from './layers.ts';
import { lastUses } from './lifetimes.ts';

/** The network that an architecture makes for images of this shape. */
export function networkFrom(
  name: string,
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): Network {
  const done = lastUses(architecture, classes);
  return {
    name,
    input,
    classes,
    parameters: declareParameters(architecture, input, classes),
    forward: (parameters, images, options = {}) =>
      architecture<Tensor>(new Evaluation(parameters, options, done), images, classes) as Tensor2D,
  };
}
