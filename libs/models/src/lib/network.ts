import * as tf from '@tensorflow/tfjs-core';
import { type ImageShape, type Network, computing } from '@winnow/plugin-api';
import { Evaluation, evaluationPlan } from './evaluate.ts';
import type { Architecture } from './layers.ts';
import { type Flow, SynapticFlow } from './synaptic-flow.ts';
import { traceArchitecture } from './trace-architecture.ts';

/** The network that an architecture makes for images of this shape. */
export function networkFrom(
  name: string,
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): Network {
  const { parameters: specs, graph } = traceArchitecture(architecture, input, classes);
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
