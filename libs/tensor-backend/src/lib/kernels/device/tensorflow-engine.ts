import * as tf from '@tensorflow/tfjs-core';
import { useDepthwiseKernels } from '../../gradients/depthwise.ts';
import { type Calls, type Engine, engineHere, useEngine } from '../../native/engine.ts';
import { depthwiseKernels } from '../../native/kernels/depthwise.ts';
import { convolutionKernels } from '../../native/kernels/linear-maps.ts';
import { transposition } from '../../native/kernels/movement.ts';
import { normalizationKernels } from '../../native/kernels/normalization.ts';
import type { EngineMemory } from '../../native/engine-memory.ts';
import type { LayerKernel } from '../../native/native-kernel.ts';
import type { Handle } from '../../native/signature.ts';
import type { TensorflowBackend } from './tensorflow-backend.ts';

// TensorFlow's convolutions on a CPU take longer than a whole step of the engine's. The engine adds an op of its own to the
// TensorFlow that is loaded, and computes layers on TensorFlow's tensors, with the kernels of the backend `native`.

const NAME = 'tensorflow';

/** TensorFlow's tensors as the engine's kernels see them, for the length of a kernel. */
export class TensorflowMemory implements EngineMemory {
  readonly engine: Calls;
  #backend!: TensorflowBackend;
  /** By their handles. */
  #tensors: tf.TensorInfo[] = [];
  /** Outputs that TensorFlow has not made yet, and what it has made of others. */
  #made = new Map<tf.TensorInfo, tf.Tensor | undefined>();

  constructor(engine: Engine) {
    this.engine = engine.elsewhere((...call) => this.#execute(...call));
  }

  /** What a kernel gives, as TensorFlow's tensors. */
  run({ run }: LayerKernel, call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | tf.TensorInfo[] {
    this.#backend = call.backend as TensorflowBackend;
    try {
      const given = run({ ...call, backend: this } as never);
      const tensor = (info: tf.TensorInfo) => this.#made.get(info) ?? info;
      return Array.isArray(given) ? given.map(tensor) : tensor(given);
    } finally {
      this.#tensors = [];
      this.#made.clear();
    }
  }

  output(shape: readonly number[]): tf.TensorInfo {
    const info: tf.TensorInfo = { dataId: {}, shape: [...shape], dtype: 'float32' };
    this.#made.set(info, undefined);
    return info;
  }

  handle(info: tf.TensorInfo): Handle {
    const known = this.#tensors.indexOf(info);
    return known < 0 ? this.#tensors.push(info) - 1 : known;
  }

  keepMoments(_: tf.TensorInfo, __: number, compute: (moments: undefined) => number): void {
    compute(undefined);
  }

  moments(): undefined {}

  /** See native/binding/tensorflow.h. */
  #execute(name: string, kinds: readonly string[], given: readonly unknown[]): number {
    const inputs: tf.Tensor[] = [];
    const outputs: tf.TensorInfo[] = [];
    const words = given.map((value, i) => {
      if (value instanceof Int32Array) return [value.length, ...value].join(' ');
      if (!kinds[i]!.startsWith('tensor')) return String(Number(value));
      if (value === undefined) return '-';
      const info = this.#tensors[value as Handle]!;
      if (this.#made.has(info)) {
        outputs.push(info);
        return 'o';
      }
      inputs.push(info as tf.Tensor);
      return 'i';
    });
    const shapes = outputs.flatMap(({ shape }) => [shape.length, ...shape]);
    const { binding } = this.#backend;
    const attributes = [
      {
        name: 'call',
        type: binding['TF_ATTR_STRING'],
        value: [name, ...words, ';', ...shapes].join(' '),
      },
      { name: 'N', type: binding['TF_ATTR_INT'], value: inputs.length },
      { name: 'M', type: binding['TF_ATTR_INT'], value: outputs.length },
    ];
    this.#backend
      .executeMultipleOutputs('WinnowCall', attributes, inputs, outputs.length)
      .forEach((tensor, i) => this.#made.set(outputs[i]!, tensor));
    return 0;
  }
}

/** Convolutions, normalisation and transposes by the engine, on TensorFlow's CPU; none where there is no engine, or a TensorFlow that takes no ops. */
export function tensorflowEngine(): tf.KernelConfig[] {
  const engine = engineHere();
  if (!engine?.joinTensorflow()) return [];
  const memory = new TensorflowMemory(engine);
  useEngine(NAME);
  useDepthwiseKernels(NAME);
  const kernels = [
    ...convolutionKernels,
    ...depthwiseKernels,
    ...normalizationKernels,
    transposition,
  ];
  return kernels.map((kernel) => {
    const own = tf.getKernel(kernel.name, NAME).kernelFunc;
    const kernelFunc: tf.KernelFunc = (call) =>
      kernel.accepts(call as never) ? memory.run(kernel, call) : own(call);
    return { kernelName: kernel.name, backendName: NAME, kernelFunc };
  });
}
