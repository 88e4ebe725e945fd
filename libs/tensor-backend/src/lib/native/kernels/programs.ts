import type * as tf from '@tensorflow/tfjs-core';
import { PROGRAM, PROGRAM_GRADIENT, type ProgramAttributes } from '../../programs/program-op.ts';
import { type NativeKernel, floatKernel } from '../native-kernel.ts';

type Infos = Record<string, tf.TensorInfo>;

export const programKernels: readonly NativeKernel[] = [
  floatKernel<ProgramAttributes>(PROGRAM, ({ inputs, attrs, backend }) => {
    const { parameters, images, means, variances } = inputs as Infos;
    const { program, tapeFloats, outputShape } = attrs;
    const outputs = backend.output(outputShape);
    const tape = backend.output([tapeFloats]);
    backend.engine.runProgram({
      program,
      images: backend.handle(images!),
      parameters: backend.handle(parameters!),
      means: means && backend.handle(means),
      variances: variances && backend.handle(variances),
      tape: backend.handle(tape),
      outputs: backend.handle(outputs),
    });
    return [outputs, tape];
  }),
  floatKernel<ProgramAttributes>(PROGRAM_GRADIENT, ({ inputs, attrs, backend }) => {
    const { tape, parameters, doutputs } = inputs as Infos;
    const dparameters = backend.output(parameters!.shape);
    backend.engine.programGradient({
      program: attrs.program,
      tape: backend.handle(tape!),
      parameters: backend.handle(parameters!),
      doutputs: backend.handle(doutputs!),
      dparameters: backend.handle(dparameters),
    });
    return dparameters;
  }),
];
