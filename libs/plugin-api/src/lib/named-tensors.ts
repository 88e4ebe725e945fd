import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Tensors by parameter name. Unless its `ParameterSpec` says otherwise, a parameter has PyTorch's layout, on the device and in files alike:
 * convolution kernels [out, in, height, width], linear weights [out, in], all else [features].
 */
export type NamedTensors = Readonly<Record<string, Tensor>>;
