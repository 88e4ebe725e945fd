import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import { recordFallback } from './fallback-calls.ts';
import type { NativeBackend } from './native-backend.ts';

/** The reference backend, whose storage is used for the length of a call. */
let lender: MathBackendCPU | undefined;

function reference(): MathBackendCPU {
  if (!lender) {
    lender = new MathBackendCPU();
    // Or else its first tensor prints an advertisement.
    Object.assign(lender, { firstUse: false });
  }
  return lender;
}

/** A copy of a tensor of ours in the reference backend's storage. */
function lend(backend: NativeBackend, info: tf.TensorInfo): tf.TensorInfo {
  const data = backend.data.get(info.dataId);
  if (data.complexTensorInfos) {
    const { real, imag } = data.complexTensorInfos;
    const complex = reference().makeTensorInfo(info.shape, 'complex64');
    reference().data.get(complex.dataId).complexTensorInfos = {
      real: lend(backend, real),
      imag: lend(backend, imag),
    };
    return complex;
  }
  const values = backend.readSync(info.dataId);
  // Some kernels read a tensor's rank, which is no part of its info.
  const rank = { rank: info.shape.length };
  return { ...info, ...rank, dataId: reference().write(values, info.shape, info.dtype) };
}

function takeBack(backend: NativeBackend, info: tf.TensorInfo): tf.TensorInfo {
  const parts = reference().data.get(info.dataId).complexTensorInfos;
  if (parts) {
    const complex = backend.output(info.shape, 'complex64');
    backend.data.get(complex.dataId).complexTensorInfos = {
      real: takeBack(backend, parts.real),
      imag: takeBack(backend, parts.imag),
    };
    return complex;
  }
  const values = reference().readSync(info.dataId);
  return { ...info, dataId: backend.write(values, info.shape, info.dtype) };
}

/** TensorFlow.js's kernel for its `cpu` backend, run on copies: for whatever the engine has no kernel of its own. */
export function referenceKernel(kernel: tf.KernelConfig): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    recordFallback(kernel.kernelName);
    const native = backend as NativeBackend;
    const lent: tf.TensorInfo[] = [];
    const lendAll = (input: unknown): unknown => {
      // Some kernels take arrays where the type says a map or a tensor, and some inputs may be missing.
      if (Array.isArray(input)) return input.map(lendAll);
      if (!input) return input;
      const copy = lend(native, input as tf.TensorInfo);
      lent.push(copy);
      return copy;
    };
    const copies = (
      Array.isArray(inputs)
        ? lendAll(inputs)
        : Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, lendAll(x)]))
    ) as tf.NamedTensorInfoMap;
    const result = kernel.kernelFunc({ inputs: copies, attrs: attrs ?? {}, backend: reference() });
    const outputs = Array.isArray(result) ? result : [result];
    const own = outputs.map((info) => takeBack(native, info));
    for (const { dataId } of [...outputs, ...lent]) {
      reference().disposeData(dataId, true);
    }
    return Array.isArray(result) ? own : (own[0] as tf.TensorInfo);
  };
}
