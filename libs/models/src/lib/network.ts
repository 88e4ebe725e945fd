import * as tf from '@tensorflow/tfjs-core';
import {
  type ImageShape,
  type Network,
  type NetworkGraph,
  WinnowError,
  computing,
  isWinnowError,
} from '@winnow/plugin-api';
import { shownShape } from './check-shapes.ts';
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

function assertLogits(
  name: string,
  input: ImageShape,
  { layers, logits }: NetworkGraph,
  classes: number,
): void {
  const shape = layers[logits - 1]?.shape ?? input;
  if ('units' in shape && shape.units === classes) return;
  throw new WinnowError(
    'BAD_MODEL',
    `${name} ends in ${shownShape(shape)}, where logits of ${classes} classes are due.`,
    { hint: 'Let it return features with `units: classes`, as of `layers.linear`.' },
  );
}

/**
 * The network that an architecture makes for images of this shape. Throws IMAGES_TOO_SMALL, and BAD_MODEL for what
 * `traceArchitecture` refuses, or where it does not end in logits of the classes.
 */
export function networkFrom(
  name: string,
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): Network {
  const { parameters: specs, graph } = traceOf(name, architecture, input, classes);
  assertLogits(name, input, graph, classes);
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
      return tf.tidy(() => {
        const ones = tf.ones<tf.Rank.R4>([1, input.height, input.width, input.channels]);
        const reading = new SynapticFlow(parameters);
        const images = { tensor: ones, exponent: 0 };
        const { tensor, exponent } = architecture<Flow>(reading, images, classes);
        return { value: tf.sum<tf.Scalar>(tensor), exponent };
      });
    },
  };
}
