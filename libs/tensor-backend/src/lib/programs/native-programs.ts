import * as tf from '@tensorflow/tfjs-core';
import type { GraphShape, NamedTensors } from '@winnow/plugin-api';
import { runKernel } from '../kernels/array-kernel.ts';
import type { Engine } from '../native/engine.ts';
import { type NormalizedLayer, lowerGraph } from './lower-graph.ts';
import { PROGRAM, PROGRAM_GRADIENT, type ProgramAttributes } from './program-op.ts';
import type { ProgramLayer, ProgramMaker, ProgramRequest } from './program.ts';

/** All of one kind, in the order of the program. */
function joined(layers: readonly NormalizedLayer[], statistics: NamedTensors, kind: string) {
  return tf.concat1d(layers.map(({ name }) => statistics[`${name}.${kind}`] as tf.Tensor1D));
}

/** By what the engine computes each layer with weights. */
function layersOf(
  { parameters, kept }: ProgramRequest,
  dense: ReadonlyMap<string, boolean>,
): ProgramLayer[] {
  let at = 0;
  const counts = new Map(
    parameters.map(({ name, shape }) => {
      const of = shape.reduce((product, n) => product * n, 1);
      const own = kept?.subarray(at, (at += of));
      return [name, { kept: own ? own.reduce((sum, bit) => sum + bit, 0) : of, of }];
    }),
  );
  return Array.from(dense, ([name, isDense]) => ({
    name,
    road: isDense ? 'dense' : 'kept',
    ...counts.get(`${name}.weight`)!,
  }));
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Of a value for so many images. */
const shapeOf = (batch: number, shape: GraphShape) =>
  'units' in shape ? [batch, shape.units] : [batch, shape.height, shape.width, shape.channels];

/** Programs of the native engine. */
export function nativePrograms(engine: Engine): ProgramMaker {
  const compile: ProgramMaker['compile'] = (request) => {
    const lowered = lowerGraph(engine, request);
    if (!lowered) return undefined;
    const { program, tapeFloats, normalized, dense } = lowered;
    const { graph, batch, captures = [] } = request;
    const [logitsShape, ...shapes] = [graph.logits, ...captures].map((value) =>
      shapeOf(batch, graph.layers[value - 1]!.shape),
    );
    const sizes = [logitsShape!, ...shapes].map(sizeOf);
    const multiplyAdds = {
      run: engine.programMultiplyAdds({ program, ofGradient: false }),
      gradient: engine.programMultiplyAdds({ program, ofGradient: true }),
    };
    const attributes: ProgramAttributes = {
      program,
      tapeFloats,
      outputShape: shapes.length > 0 ? [sizes.reduce((sum, n) => sum + n)] : logitsShape!,
      multiplyAdds,
    };

    /** Outputs and tape. */
    const run = (parameters: tf.Tensor, images: tf.Tensor4D, statistics?: NamedTensors) => {
      if (images.shape[0] !== batch)
        throw new Error(`The program is of ${batch} images, and was given ${images.shape[0]}.`);
      const given =
        statistics && normalized.length > 0
          ? {
              means: joined(normalized, statistics, 'running_mean'),
              variances: joined(normalized, statistics, 'running_var'),
            }
          : {};
      return runKernel<[tf.Tensor, tf.Tensor1D]>(
        PROGRAM,
        { parameters, images, ...given },
        attributes,
      );
    };

    // The tape is no output of the op: TensorFlow.js would make zeros of its size for its gradient. And `tf.customGrad` is of
    // one output, so that logits and what is captured are one tensor at first.
    const withGradient = (images: tf.Tensor4D) =>
      tf.customGrad((parameters, save) => {
        const [outputs, tape] = run(parameters as tf.Tensor, images);
        (save as tf.GradSaveFunc)([parameters as tf.Tensor, tape]);
        return {
          value: outputs,
          gradFunc: (doutputs: tf.Tensor, [values, kept]: tf.Tensor[]) =>
            runKernel<tf.Tensor>(
              PROGRAM_GRADIENT,
              { tape: kept, parameters: values, doutputs },
              attributes,
            ),
        };
      });

    const outputs = (parameters: tf.Tensor, images: tf.Tensor4D, statistics?: NamedTensors) =>
      request.differentiable && !statistics
        ? withGradient(images)(parameters)
        : run(parameters, images, statistics)[0];

    const apart = (of: tf.Tensor) => {
      if (shapes.length === 0) return { logits: of as tf.Tensor2D, captured: [] };
      const [logits, ...captured] = tf.split(of, sizes);
      return {
        logits: tf.reshape<tf.Rank.R2>(logits!, logitsShape as [number, number]),
        captured: captured.map((it, i) => tf.reshape(it, shapes[i]!)),
      };
    };

    return {
      layers: layersOf(request, dense),
      // Without a gradient, whose own copies are kept, the tape goes at once.
      forward: (...given) => tf.tidy(() => apart(outputs(...given)).logits),
      show: (...given) => tf.tidy(() => apart(outputs(...given))),
      dispose: () => engine.releaseProgram({ program }),
    };
  };
  return { compile, instructions: () => engine.instructions() };
}
