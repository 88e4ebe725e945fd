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

/** Names as TensorFlow takes them, where a colon parts a node from its output, and ^ stands before what only waits. */
function safeNames(names: readonly string[]): (reference: string) => string {
  const safe = new Map<string, string>();
  const taken = new Set(names);
  for (const name of names) {
    let own = name.replace(/[:^]/g, '_');
    while (own !== name && taken.has(own)) own += '_';
    taken.add(own);
    safe.set(name, own);
  }
  return (reference) => {
    const own = safe.get(reference);
    if (own !== undefined) return own;
    // One of several outputs of a node.
    const [, node, output] = /^(.*)(:\d+)$/s.exec(reference)!;
    return safe.get(node!)! + output!;
  };
}

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
  const safe = safeNames([INPUT, ...constants.keys(), ...nodes.map(({ name }) => name)]);
  const data = concatenated([...constants.values()].map((constant) => bytesOf(constant.data)));
  const count = Math.max(1, Math.ceil(data.length / SHARD_BYTES));
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: data.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }));
  const constantNodes = [...constants].map(([name, { shape, data: values }]): GraphNode => {
    const type = values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32';
    return {
      name: safe(name),
      op: 'Const',
      attr: { dtype: { type }, shape: { shape: shapeOf(shape) } },
    };
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
        ...nodes.map(({ name, input, ...rest }) => ({
          name: safe(name),
          ...(input && { input: input.map(safe) }),
          ...rest,
        })),
      ],
      library: {},
      versions: {},
    },
    weightsManifest: [
      {
        paths: shards.map(({ name }) => name),
        weights: [...constants].map(([name, { shape, data: values }]) => ({
          name: safe(name),
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
