import * as tf from '@tensorflow/tfjs-core';

// TensorFlow.js's own contract for programs (webgpu_program.ts of its backend): it declares each input and `result` as
// arrays, and calls `main` with the number of the invocation.

interface Uniform {
  readonly type: 'float32' | 'int32' | 'uint32';
  readonly data: number[];
}

interface TensorflowProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly shaderKey: string;
  readonly dispatchLayout: { readonly x: number[] };
  readonly dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  readonly uniforms: string;
  readonly size: true;
  getUserCode(): string;
}

interface WebgpuBackend extends tf.KernelBackend {
  runWebGPUProgram(
    program: TensorflowProgram,
    inputs: tf.TensorInfo[],
    dtype: 'float32',
    uniforms: Uniform[],
  ): tf.TensorInfo;
}

/** Invocations of a workgroup: what every adapter allows. */
export const WORKGROUP = 256;

const TYPES = { float32: 'f32', int32: 'i32', uint32: 'u32' } as const;

export interface WebgpuProgram {
  /** Of its source; programs of one name have one. */
  readonly name: string;
  /** Arrays in WGSL, by name: lower case at first, as TensorFlow.js wants it. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly shape: number[];
  /** `uniforms.NAME` in WGSL. */
  readonly uniforms?: Readonly<Record<string, readonly [Uniform['type'], number]>>;
  /** As many as numbers of the output, unless told otherwise. */
  readonly workgroups?: number;
  /** WGSL before `main`, and within it, where `index` is the number of the invocation and `uniforms.size` the output's. */
  readonly declarations?: string;
  readonly body: string;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Begins a program, on the backend that computes; nothing is waited for. */
export function runProgram(program: WebgpuProgram): tf.Tensor {
  const { name, inputs, shape, uniforms = {}, declarations = '', body } = program;
  const backend = tf.backend() as WebgpuBackend;
  const fields = Object.entries(uniforms);
  const info = backend.runWebGPUProgram(
    {
      variableNames: Object.keys(inputs),
      outputShape: shape,
      shaderKey: `winnow-${name}`,
      dispatchLayout: { x: shape.map((_, i) => i) },
      dispatch: [program.workgroups ?? Math.ceil(sizeOf(shape) / WORKGROUP), 1, 1],
      workgroupSize: [WORKGROUP, 1, 1],
      uniforms: fields.map(([field, [type]]) => `${field} : ${TYPES[type]}, `).join(''),
      size: true,
      getUserCode: () => `${declarations}\nfn main(index : i32) {\n${body}\n}`,
    },
    Object.values(inputs),
    'float32',
    fields.map(([, [type, value]]) => ({ type, data: [value] })),
  );
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** One that computes each number of its output by an expression, which may call the number `i`. */
export function runElementwise(
  program: Omit<WebgpuProgram, 'body' | 'workgroups'> & {
    readonly statements?: string;
    readonly value: string;
  },
): tf.Tensor {
  const { statements = '', value, ...rest } = program;
  return runProgram({
    ...rest,
    body: `if (index < uniforms.size) { let i = index; ${statements} result[i] = ${value}; }`,
  });
}
