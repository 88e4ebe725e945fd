import * as tf from '@tensorflow/tfjs-core';
import {
  type ImageShape,
  type Network,
  WinnowError,
  computing,
  isWinnowError,
} from '@winnow/plugin-api';
import { Evaluation, evaluationPlan } from './evaluate.ts';
import type { Architecture } from './layers.ts';
import { type Flow, SynapticFlow } from './synaptic-flow.ts';
import { traceArchitecture } from './trace-architecture.ts';

const LARGEST_TRIED = 1024;

const isTooSmall = (error: unknown): error is WinnowError =>
  isWinnowError(error) && error.code === 'IMAGES_TOO_SMALL';

/** Throws IMAGES_TOO_SMALL with the size that would be large enough. */
function traceOf(name: string, architecture: Architecture, input: ImageShape, classes: number) {
  const { height, width, channels } = input;
  const trace = (least: number) => {
    const sides = { height: Math.max(height, least), width: Math.max(width, least) };
    return traceArchitecture(architecture, { ...sides, channels }, classes);
  };
  try {
    return trace(0);
  } catch (error) {
    if (!isTooSmall(error)) throw error;
    for (let least = Math.min(height, width) + 1; least <= LARGEST_TRIED; least++) {
      try {
        trace(least);
      } catch {
        continue;
      }
      throw new WinnowError(
        error.code,
        `${name} has a layer with no pixels left of images of ${height}×${width}.`,
        { hint: `Give at least ${least}×${least}, or choose a network with fewer poolings.` },
      );
    }
    throw error;
  }
}

/** The network that an architecture makes for images of this shape. Throws IMAGES_TOO_SMALL. */
export function networkFrom(
  name: string,
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): Network {
  const { parameters: specs, graph } = traceOf(name, architecture, input, classes);
  const plan = evaluationPlan(graph);
  return {
    name,
    input,
    classes,
    parameters: specs,
    graph,
    forward: computing(
      graph,
      (parameters, images, options = {}) =>
        architecture<tf.Tensor>(
          new Evaluation(parameters, options, plan),
          images,
          classes,
        ) as tf.Tensor2D,
    ),
    synapticFlow(parameters) {
      const ones = tf.ones<tf.Rank.R4>([1, input.height, input.width, input.channels]);
      const reading = new SynapticFlow(parameters);
      const { tensor, exponent } = architecture<Flow>(
        reading,
        { tensor: ones, exponent: 0 },
        classes,
      );
      return { value: tf.sum(tensor), exponent };
    },
  };
}
