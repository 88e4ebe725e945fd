import type { GraphLayer, Sides, TrainedNetwork } from '@winnow/plugin-api';
import {
  type Constant,
  type GraphNode,
  type NodeAttribute,
  graphModelFiles,
  integers,
  text,
} from './graph-model-file.ts';
import type { FloatTensor } from '@winnow/files';
import { graphOf, tensorOf } from './trained-network.ts';
import { OUTPUT, ValueNames } from './value-names.ts';

const NHWC_TO_NCHW = [0, 3, 1, 2];
// Less than every activation, and unlike −∞ it stays finite times 0.
const LOWEST = -3.4028234663852886e38;

const float: NodeAttribute = { type: 'DT_FLOAT' };
const nhwc = text('NHWC');

const isPadded = ({ top, bottom, left, right }: Sides) => top + bottom + left + right > 0;
const paddings = ({ top, bottom, left, right }: Sides) => [0, 0, top, bottom, left, right, 0, 0];

/** [out, in, h, w] → [h, w, in, out] */
function kernelForTensorflow({ shape, data }: FloatTensor): FloatTensor {
  const [outputs = 0, inputs = 0, height = 0, width = 0] = shape;
  const places = height * width;
  const moved = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < places; p++)
        moved[(p * inputs + i) * outputs + o] = data[(o * inputs + i) * places + p]!;
    }
  }
  return { shape: [height, width, inputs, outputs], data: moved };
}

/** The nodes of a graph in TensorFlow's ops, and the constants that they read. */
class GraphModel {
  readonly #trained: TrainedNetwork;
  readonly #names = new ValueNames();
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, Constant>();

  constructor(trained: TrainedNetwork) {
    this.#trained = trained;
  }

  #node(
    name: string,
    op: string,
    input: readonly string[],
    attr: Readonly<Record<string, NodeAttribute>> = {},
  ): string {
    this.#nodes.push({ name, op, input, attr: { T: float, ...attr } });
    return name;
  }

  #constant(name: string, constant: Constant): string {
    this.#constants.set(name, constant);
    return name;
  }

  #parameter(name: string): string {
    return this.#constant(name, tensorOf(this.#trained, name));
  }

  #integers(name: string, values: readonly number[], shape = [values.length]): string {
    return this.#constant(name, { shape, data: Int32Array.from(values) });
  }

  #padded(name: string, x: string, sides: readonly number[], value: number): string {
    const size = this.#integers(`${name}.sides`, sides, [4, 2]);
    const filling = { shape: [], data: Float32Array.of(value) };
    const filler = this.#constant(`${name}.filling`, filling);
    return this.#node(name, 'PadV2', [x, size, filler]);
  }

  #pooled(name: string, x: string, [height, width]: readonly [number, number], stride: number) {
    return this.#node(name, 'MaxPool', [x], {
      ksize: integers([1, height, width, 1]),
      strides: integers([1, stride, stride, 1]),
      padding: text('VALID'),
      data_format: nhwc,
    });
  }

  #biased(name: string, layer: { readonly name: string; readonly bias: boolean }, x: string) {
    if (!layer.bias) return x;
    return this.#node(`${name}.biased`, 'BiasAdd', [x, this.#parameter(`${layer.name}.bias`)], {
      data_format: nhwc,
    });
  }

  /** Adds what a layer does; returns the name of its output. */
  #layer(layer: GraphLayer): string {
    const x = this.#names.of(layer.x);
    const name = this.#names.fresh(layer);
    switch (layer.op) {
      case 'conv': {
        const weight = `${layer.name}.weight`;
        const kernel = kernelForTensorflow(tensorOf(this.#trained, weight));
        const y = this.#node(name, 'Conv2D', [x, this.#constant(weight, kernel)], {
          strides: integers([1, layer.stride, layer.stride, 1]),
          padding: text('EXPLICIT'),
          explicit_paddings: integers(paddings(layer.padding)),
          dilations: integers([1, 1, 1, 1]),
          data_format: nhwc,
        });
        return this.#biased(name, layer, y);
      }
      case 'normalize': {
        const kinds = ['weight', 'bias', 'running_mean', 'running_var'];
        const inputs = [x, ...kinds.map((kind) => this.#parameter(`${layer.name}.${kind}`))];
        let y = this.#node(name, 'FusedBatchNormV3', inputs, {
          U: float,
          epsilon: { f: layer.epsilon },
          is_training: { b: false },
          data_format: nhwc,
        });
        if (layer.residual !== undefined)
          y = this.#node(`${name}.add`, 'AddV2', [y, this.#names.of(layer.residual)]);
        return layer.relu ? this.#node(`${name}.relu`, 'Relu', [y]) : y;
      }
      case 'relu':
        return this.#node(name, 'Relu', [x]);
      case 'add':
        return this.#node(name, 'AddV2', [x, this.#names.of(layer.y)]);
      case 'max-pool': {
        // The converter's MaxPool knows no explicit paddings.
        const padded = isPadded(layer.padding)
          ? this.#padded(`${name}.padded`, x, paddings(layer.padding), LOWEST)
          : x;
        return this.#pooled(name, padded, layer.kernel, layer.stride);
      }
      case 'subsample': {
        const kept = this.#pooled(`${name}.kept`, x, [1, 1], layer.stride);
        return this.#padded(name, kept, [0, 0, 0, 0, 0, 0, layer.before, layer.after], 0);
      }
      case 'global-average-pool': {
        const axes = this.#integers(`${name}.axes`, [1, 2]);
        return this.#node(name, 'Mean', [x, axes], { keep_dims: { b: false } });
      }
      case 'flatten': {
        const { units } = layer.shape as { units: number };
        let images = x;
        if (layer.order === 'channels-first') {
          const order = this.#integers(`${name}.order`, NHWC_TO_NCHW);
          images = this.#node(`${name}.channels-first`, 'Transpose', [x, order]);
        }
        return this.#node(name, 'Reshape', [images, this.#integers(`${name}.shape`, [-1, units])]);
      }
      case 'linear': {
        const y = this.#node(name, 'MatMul', [x, this.#parameter(`${layer.name}.weight`)], {
          transpose_a: { b: false },
          transpose_b: { b: true },
        });
        return this.#biased(name, layer, y);
      }
    }
  }

  files(): Map<string, Uint8Array> {
    const { network, metadata } = this.#trained;
    const { layers, logits } = graphOf(network);
    for (const layer of layers) this.#names.add(this.#layer(layer));
    this.#node(OUTPUT, 'Identity', [this.#names.of(logits)]);
    const { height, width, channels } = network.input;
    return graphModelFiles(this.#nodes, this.#constants, {
      input: [-1, height, width, channels],
      output: [-1, network.classes],
      metadata,
    });
  }
}

/**
 * A `tf.GraphModel` as files by name: `images` float32 [batch, height, width, channels], normalised as in training, →
 * `logits` float32 [batch, classes]. Normalisation by running statistics. Throws UNSUPPORTED_MODEL where the network has
 * no graph.
 */
export function encodeGraphModel(trained: TrainedNetwork): Map<string, Uint8Array> {
  return new GraphModel(trained).files();
}
