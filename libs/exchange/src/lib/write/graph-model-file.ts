import type { FloatTensor } from '@winnow/files';
import { concatenated } from './concatenated.ts';
import { bytesOf } from './trained-network.ts';
import { INPUT, OUTPUT } from './value-names.ts';

/** As tfjs-converter cuts weights, so that browsers cache each file. */
const SHARD_BYTES = 4 * 2 ** 20;

/** An attribute of a TensorFlow `NodeDef` in JSON; text, which is ASCII, is in base64 there. */
export type NodeAttribute =
  | { readonly type: 'DT_FLOAT' | 'DT_INT32' }
  | { readonly shape: { readonly dim: readonly { readonly size: string }[] } }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly s: string }
  | { readonly b: boolean }
  | { readonly f: number }
  | { readonly i: string };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, NodeAttribute>>;
}

export const text = (value: string): NodeAttribute => ({
  s: btoa(value),
});
export const integer = (value: number): NodeAttribute => ({ i: String(value) });
export const integers = (values: readonly number[]): NodeAttribute => ({
  list: { i: values.map(String) },
});
export const shapeOf = (sizes: readonly number[]) => ({
  dim: sizes.map((size) => ({ size: String(size) })),
});

export type Constant =
  | FloatTensor
  | { readonly shape: readonly number[]; readonly data: Int32Array };

/** The files of a `tf.GraphModel` by name: model.json, and its weights in parts of at most 4 MiB. */
export function graphModelFiles(
  nodes: readonly GraphNode[],
  constants: ReadonlyMap<string, Constant>,
  {
    input,
    output,
    metadata,
  }: {
    readonly input: readonly number[];
    readonly output: readonly number[];
    readonly metadata: Readonly<Record<string, string>>;
  },
): Map<string, Uint8Array> {
  const data = concatenated([...constants.values()].map((constant) => bytesOf(constant.data)));
  const count = Math.max(1, Math.ceil(data.length / SHARD_BYTES));
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: data.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }));
  const constantNodes = [...constants].map(([name, { shape, data: values }]): GraphNode => {
    const type = values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32';
    return { name, op: 'Const', attr: { dtype: { type }, shape: { shape: shapeOf(shape) } } };
  });
  const end = (name: string, shape: readonly number[]) => ({
    [name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shapeOf(shape) },
  });
  const model = {
    format: 'graph-model',
    generatedBy: 'winnow',
    convertedBy: null,
    signature: { inputs: end(INPUT, input), outputs: end(OUTPUT, output) },
    userDefinedMetadata: metadata,
    modelTopology: {
      node: [
        {
          name: INPUT,
          op: 'Placeholder',
          attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: shapeOf(input) } },
        },
        ...constantNodes,
        ...nodes,
      ],
      library: {},
      versions: {},
    },
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: [...constants].map(([name, { shape, data: values }]) => ({
          name,
          shape,
          dtype: values instanceof Float32Array ? 'float32' : 'int32',
        })),
      },
    ],
  };
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(model))],
    ...shards.map(({ name, bytes }) => [name, bytes] as const),
  ]);
}
