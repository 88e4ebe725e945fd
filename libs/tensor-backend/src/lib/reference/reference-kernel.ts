import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import { recordFallback } from './fallback-calls.ts';

export interface Halves {
  readonly real: tf.TensorInfo;
  readonly imag: tf.TensorInfo;
}

/** A backend that hands kernels on. */
export interface Borrower extends tf.KernelBackend {
  /** Of a tensor of complex numbers. */
  halves(info: tf.TensorInfo): Halves | undefined;
  /** Owns its halves. */
  complex(shape: readonly number[], halves: Halves): tf.TensorInfo;
}

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
function lend(backend: Borrower, info: tf.TensorInfo): tf.TensorInfo {
  const halves = backend.halves(info);
  if (halves) {
    const { real, imag } = halves;
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

function takeBack(backend: Borrower, info: tf.TensorInfo): tf.TensorInfo {
  const parts = reference().data.get(info.dataId).complexTensorInfos;
  if (parts) {
    return backend.complex(info.shape, {
      real: takeBack(backend, parts.real),
      imag: takeBack(backend, parts.imag),
    });
  }
  const values = reference().readSync(info.dataId);
  return { ...info, dataId: backend.write(values, info.shape, info.dtype) };
}

/** TensorFlow.js's kernel for its `cpu` backend, run on copies: for what a backend has no kernel of its own. */
export function referenceKernel(kernel: tf.KernelConfig): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    recordFallback(kernel.kernelName);
    const borrower = backend as Borrower;
    const lent: tf.TensorInfo[] = [];
    const lendAll = (input: unknown): unknown => {
      // Some kernels take arrays where the type says a map or a tensor, and some inputs may be missing.
      if (Array.isArray(input)) return input.map(lendAll);
      if (!input) return input;
      const copy = lend(borrower, input as tf.TensorInfo);
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
    const own = outputs.map((info) => takeBack(borrower, info));
    for (const { dataId } of [...outputs, ...lent]) {
      reference().disposeData(dataId, true);
    }
    return Array.isArray(result) ? own : (own[0] as tf.TensorInfo);
  };
}
