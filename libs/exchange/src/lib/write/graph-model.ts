import type {
  GraphLayer,
  GraphShape,
  ImageShape,
  Sides,
  SlidingWindow,
  TrainedNetwork,
} from '@winnow/plugin-api';
import {
  type Constant,
  type GraphNode,
  type NodeAttribute,
  graphModelFiles,
  integer,
  integers,
  text,
} from './graph-model-file.ts';
import {
  depthwiseForTensorflow,
  kernelForTensorflow,
  kernelOfGroup,
} from './kernels-for-tensorflow.ts';
import { graphOf, tensorOf } from './trained-network.ts';
import { OUTPUT, ValueNames } from './value-names.ts';

const NHWC_TO_NCHW = [0, 3, 1, 2];
// Less than every activation, and unlike −∞ it stays finite times 0.
const LOWEST = -3.4028234663852886e38;

const float: NodeAttribute = { type: 'DT_FLOAT' };
const nhwc = text('NHWC');

const isPadded = ({ top, bottom, left, right }: Sides) => top + bottom + left + right > 0;
const paddings = ({ top, bottom, left, right }: Sides) => [0, 0, top, bottom, left, right, 0, 0];

type Convolution = Extract<GraphLayer, { readonly op: 'conv' }>;
type Normalization = Extract<GraphLayer, { readonly op: 'normalize' }>;

/** The nodes of a graph in TensorFlow's ops, and the constants that they read. */
class GraphModel {
  readonly #trained: TrainedNetwork;
  readonly #names: ValueNames;
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, Constant>();
  /** By value. */
  readonly #shapes: readonly GraphShape[];

  constructor(trained: TrainedNetwork) {
    this.#trained = trained;
    this.#names = new ValueNames(trained.tensors.keys());
    const { input } = trained.network;
    this.#shapes = [input, ...graphOf(trained.network).layers.map(({ shape }) => shape)];
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

  #number(name: string, value: number): string {
    return this.#constant(name, { shape: [], data: Float32Array.of(value) });
  }

  #padded(name: string, x: string, sides: readonly number[], value: number): string {
    const size = this.#integers(`${name}.sides`, sides, [4, 2]);
    const filler = this.#number(`${name}.filling`, value);
    return this.#node(name, 'PadV2', [x, size, filler]);
  }

  #convolved(
    name: string,
    op: 'Conv2D' | 'DepthwiseConv2dNative',
    inputs: readonly [x: string, kernel: string],
    { stride, padding, dilation = 1 }: Convolution,
  ): string {
    return this.#node(name, op, inputs, {
      strides: integers([1, stride, stride, 1]),
      padding: text('EXPLICIT'),
      explicit_paddings: integers(paddings(padding)),
      dilations: integers([1, dilation, dilation, 1]),
      data_format: nhwc,
    });
  }

  #concatenated(name: string, parts: readonly string[]): string {
    const axis = this.#integers(`${name}.axis`, [-1], []);
    return this.#node(name, 'ConcatV2', [...parts, axis], { N: integer(parts.length) });
  }

  /** The converter's Conv2D knows no groups. */
  #convolution(name: string, layer: Convolution, x: string): string {
    const { groups = 1 } = layer;
    const weight = `${layer.name}.weight`;
    const kernel = tensorOf(this.#trained, weight);
    if (groups === 1) {
      const whole = this.#constant(weight, kernelForTensorflow(kernel));
      return this.#convolved(name, 'Conv2D', [x, whole], layer);
    }
    if (kernel.shape[1] === 1) {
      const filter = this.#constant(weight, depthwiseForTensorflow(kernel, groups));
      return this.#convolved(name, 'DepthwiseConv2dNative', [x, filter], layer);
    }
    const axis = this.#integers(`${name}.axis`, [3], []);
    const split = this.#node(`${name}.split`, 'Split', [axis, x], { num_split: integer(groups) });
    const parts = Array.from({ length: groups }, (_, g) => {
      const own = kernelForTensorflow(kernelOfGroup(kernel, g, groups));
      const inputs = [`${split}:${g}`, this.#constant(`${weight}.${g}`, own)] as const;
      return this.#convolved(`${name}.group${g}`, 'Conv2D', inputs, layer);
    });
    return this.#concatenated(`${name}.groups`, parts);
  }

  /** A parameter of a normalisation, or `value` all over where it has none. */
  #given(kind: 'weight' | 'bias', { name, shape, ...layer }: Normalization): string {
    const [given, value] = kind === 'weight' ? [layer.scale, 1] : [layer.shift, 0];
    if (given !== false) return this.#parameter(`${name}.${kind}`);
    const size = 'units' in shape ? shape.units : shape.channels;
    const data = new Float32Array(size).fill(value);
    return this.#constant(`${name}.${kind}`, { shape: [size], data });
  }

  /** The converter's AvgPool knows no explicit paddings, and zeros that are padded before it count. */
  #averaged(name: string, layer: Extract<GraphLayer, { op: 'average-pool' }>, x: string): string {
    const { padding, kernel, stride, shape } = layer;
    if (!padding || !isPadded(padding)) return this.#pooled(name, 'AvgPool', x, layer);
    const { height, width } = shape as ImageShape;
    const from = this.#shapes[layer.x] as ImageShape;
    const zeros = this.#padded(`${name}.padded`, x, paddings(padding), 0);
    const all = this.#pooled(`${name}.all`, 'AvgPool', zeros, layer);
    const pixels = (at: number, size: number, window: number, before: number) =>
      Math.min(size, at * stride - before + window) - Math.max(0, at * stride - before);
    const data = Float32Array.from({ length: height * width }, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width];
      const rows = pixels(row, from.height, kernel[0], padding.top);
      return (kernel[0] * kernel[1]) / (rows * pixels(column, from.width, kernel[1], padding.left));
    });
    const factors = this.#constant(`${name}.factors`, { shape: [height, width, 1], data });
    return this.#node(name, 'Mul', [all, factors]);
  }

  /** x · (1 + erf(x / √2)) / 2 */
  #gelu(name: string, x: string): string {
    const number = (kind: string, value: number) => this.#number(`${name}.${kind}`, value);
    const scaled = this.#node(`${name}.scaled`, 'Mul', [x, number('scale', Math.SQRT1_2)]);
    const erf = this.#node(`${name}.erf`, 'Erf', [scaled]);
    const raised = this.#node(`${name}.raised`, 'AddV2', [erf, number('one', 1)]);
    const twice = this.#node(`${name}.twice`, 'Mul', [x, raised]);
    return this.#node(name, 'Mul', [twice, number('half', 0.5)]);
  }

  #pooled(
    name: string,
    op: 'MaxPool' | 'AvgPool',
    x: string,
    { kernel: [height, width], stride }: Pick<SlidingWindow, 'kernel' | 'stride'>,
  ): string {
    return this.#node(name, op, [x], {
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
      case 'conv':
        return this.#biased(name, layer, this.#convolution(name, layer, x));
      case 'normalize': {
        const statistics = ['running_mean', 'running_var'];
        const inputs = [
          ...[x, this.#given('weight', layer), this.#given('bias', layer)],
          ...statistics.map((kind) => this.#parameter(`${layer.name}.${kind}`)),
        ];
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
      case 'leaky-relu':
        return this.#node(name, 'LeakyRelu', [x], { alpha: { f: layer.slope } });
      case 'relu6':
        return this.#node(name, 'Relu6', [x]);
      case 'gelu':
        return this.#gelu(name, x);
      case 'concat': {
        const others = layer.others.map((value) => this.#names.of(value));
        return this.#concatenated(name, [x, ...others]);
      }
      case 'average-pool':
        return this.#averaged(name, layer, x);
      case 'pad':
        return this.#padded(name, x, paddings(layer.sides), 0);
      case 'reshape': {
        const { shape } = layer;
        const sizes =
          'units' in shape ? [shape.units] : [shape.height, shape.width, shape.channels];
        return this.#node(name, 'Reshape', [x, this.#integers(`${name}.shape`, [-1, ...sizes])]);
      }
      case 'tanh':
        return this.#node(name, 'Tanh', [x]);
      case 'sigmoid':
        return this.#node(name, 'Sigmoid', [x]);
      case 'elu':
        return this.#node(name, 'Elu', [x]);
      case 'silu':
        return this.#node(name, 'Mul', [x, this.#node(`${name}.gate`, 'Sigmoid', [x])]);
      case 'multiply':
        return this.#node(name, 'Mul', [x, this.#names.of(layer.y)]);
      case 'affine': {
        const factor = this.#number(`${name}.factor`, layer.factor);
        const scaled = this.#node(`${name}.scaled`, 'Mul', [x, factor]);
        return this.#node(name, 'AddV2', [scaled, this.#number(`${name}.offset`, layer.offset)]);
      }
      case 'add':
        return this.#node(name, 'AddV2', [x, this.#names.of(layer.y)]);
      case 'max-pool': {
        // The converter's MaxPool knows no explicit paddings.
        const padded = isPadded(layer.padding)
          ? this.#padded(`${name}.padded`, x, paddings(layer.padding), LOWEST)
          : x;
        return this.#pooled(name, 'MaxPool', padded, layer);
      }
      case 'subsample': {
        const every = { kernel: [1, 1], stride: layer.stride } as const;
        const kept = this.#pooled(`${name}.kept`, 'MaxPool', x, every);
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
