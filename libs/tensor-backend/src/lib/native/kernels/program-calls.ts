import type { Signatures } from '../signature.ts';

const windows = {
  kernelHeight: 'integer',
  kernelWidth: 'integer',
  stride: 'integer',
  padTop: 'integer',
  padLeft: 'integer',
  outHeight: 'integer',
  outWidth: 'integer',
} as const;

/** Programs are built node by node and known by numbers; see native/operations/programs.h. */
export const programCalls = {
  beginProgram: {
    batch: 'integer',
    height: 'integer',
    width: 'integer',
    channels: 'integer',
    parameters: 'integer',
    kept: 'Uint8Array',
    differentiable: 'flag',
    returns: 'number',
  },
  addConvolution: {
    program: 'integer',
    input: 'integer',
    channels: 'integer',
    groups: 'integer',
    weight: 'integer',
    ...windows,
    returns: 'number',
  },
  addGather: {
    program: 'integer',
    input: 'integer',
    kind: 'GatherKind',
    channels: 'integer',
    before: 'integer',
    channelsLast: 'flag',
    ...windows,
    returns: 'number',
  },
  addActivation: {
    program: 'integer',
    layer: 'integer',
    adjustment: 'Adjustment',
    scale: 'integer',
    shift: 'integer',
    epsilon: 'number',
    second: 'integer',
    rectifier: 'Rectifier',
    returns: 'number',
  },
  /** Returns how many are shown. */
  captureActivation: { program: 'integer', activation: 'integer', returns: 'number' },
  /** Returns the floats of a tape. */
  finishProgram: { program: 'integer', logits: 'integer', returns: 'number' },
  /** Of kept weights over a batch. */
  programMultiplyAdds: { program: 'integer', ofGradient: 'flag', returns: 'number' },
  /** 1 where a convolution multiplies with all of its weights. */
  programIsDense: { program: 'integer', layer: 'integer', returns: 'number' },
  runProgram: {
    program: 'integer',
    images: 'tensor',
    parameters: 'tensor',
    means: 'tensor?',
    variances: 'tensor?',
    tape: 'tensor',
    outputs: 'tensor',
  },
  programGradient: {
    program: 'integer',
    tape: 'tensor',
    parameters: 'tensor',
    doutputs: 'tensor',
    dparameters: 'tensor',
  },
  releaseProgram: { program: 'integer' },
} as const satisfies Signatures;
