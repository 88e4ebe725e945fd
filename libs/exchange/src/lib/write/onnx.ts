import type { GraphLayer, GraphShape, Sides, TrainedNetwork } from '@winnow/plugin-api';
import {
  type OnnxNode,
  modelProto,
  nodeProto,
  tensorProto,
  valueInfoProto,
} from './onnx-messages.ts';
import { ProtobufMessage } from './protobuf.ts';
import { graphOf, tensorOf } from './trained-network.ts';
import { INPUT, OUTPUT, ValueNames } from './value-names.ts';

/** ONNX 1.13 of 2022: the first whose Pad names its axes. */
export const ONNX_OPSET = 18;
const IR_VERSION = 8;

const NCHW_TO_NHWC = [0, 2, 3, 1];
const NHWC_TO_NCHW = [0, 3, 1, 2];

const pads = ({ top, left, bottom, right }: Sides) => [top, left, bottom, right];

type Normalization = Extract<GraphLayer, { readonly op: 'normalize' }>;

/** The nodes of a graph and the constants that they read. */
class OnnxGraph {
  readonly #trained: TrainedNetwork;
  readonly #names: ValueNames;
  readonly #nodes: ProtobufMessage[] = [];
  readonly #constants = new Map<string, ProtobufMessage>();
  /** By value. */
  readonly #shapes: readonly GraphShape[];

  constructor(trained: TrainedNetwork) {
    this.#trained = trained;
    this.#names = new ValueNames(trained.tensors.keys());
    const { input } = trained.network;
    this.#shapes = [input, ...graphOf(trained.network).layers.map(({ shape }) => shape)];
  }

  #node(node: OnnxNode): string {
    this.#nodes.push(nodeProto(node));
    return node.name;
  }

  /** A parameter or statistic, which the file then holds. */
  #tensor(name: string): string {
    const { shape, data } = tensorOf(this.#trained, name);
    this.#constants.set(name, tensorProto(name, shape, data));
    return name;
  }

  #integers(name: string, values: readonly number[]): string {
    this.#constants.set(
      name,
      tensorProto(name, [values.length], BigInt64Array.from(values, BigInt)),
    );
    return name;
  }

  #number(name: string, value: number): string {
    this.#constants.set(name, tensorProto(name, [], Float32Array.of(value)));
    return name;
  }

  /** A parameter of a normalisation, or `value` all over where it has none. */
  #given(kind: 'weight' | 'bias', { name, shape, ...layer }: Normalization): string {
    const [given, value] = kind === 'weight' ? [layer.scale, 1] : [layer.shift, 0];
    if (given !== false) return this.#tensor(`${name}.${kind}`);
    const size = 'units' in shape ? shape.units : shape.channels;
    const constant = `${name}.${kind}`;
    this.#constants.set(
      constant,
      tensorProto(constant, [size], new Float32Array(size).fill(value)),
    );
    return constant;
  }

  /** As images are laid out in ONNX. */
  #reshaped(name: string, x: string, from: GraphShape, to: GraphShape): string {
    const transposed = (part: string, y: string, perm: readonly number[]) =>
      this.#node({ op: 'Transpose', inputs: [y], name: `${name}.${part}`, attributes: { perm } });
    const last = 'units' in from ? x : transposed('channels-last', x, NCHW_TO_NHWC);
    const sizes = 'units' in to ? [to.units] : [to.height, to.width, to.channels];
    const shape = this.#integers(`${name}.shape`, [-1, ...sizes]);
    const y = this.#node({ op: 'Reshape', inputs: [last, shape], name });
    return 'units' in to ? y : transposed('channels-first', y, NHWC_TO_NCHW);
  }

  /** x · (1 + erf(x / √2)) / 2: Gelu itself came with opset 20. */
  #gelu(name: string, x: string): string {
    const by = (part: string, op: string, inputs: readonly string[]) =>
      this.#node({ op, inputs, name: `${name}.${part}` });
    const scaled = by('scaled', 'Mul', [x, this.#number(`${name}.scale`, Math.SQRT1_2)]);
    const raised = by('raised', 'Add', [
      by('erf', 'Erf', [scaled]),
      this.#number(`${name}.one`, 1),
    ]);
    const twice = by('twice', 'Mul', [x, raised]);
    return this.#node({ op: 'Mul', inputs: [twice, this.#number(`${name}.half`, 0.5)], name });
  }

  /** Adds what a layer does; returns the name of its output. */
  #layer(layer: GraphLayer): string {
    const x = this.#names.of(layer.x);
    const name = this.#names.fresh(layer);
    switch (layer.op) {
      case 'conv': {
        const inputs = [x, this.#tensor(`${layer.name}.weight`)];
        if (layer.bias) inputs.push(this.#tensor(`${layer.name}.bias`));
        const { kernel, stride, padding, groups = 1, dilation = 1 } = layer;
        const strides = [stride, stride];
        const dilations = [dilation, dilation];
        const windows = { kernel_shape: kernel, strides, dilations, pads: pads(padding) };
        const attributes = groups > 1 ? { ...windows, group: { int: groups } } : windows;
        return this.#node({ op: 'Conv', inputs, name, attributes });
      }
      case 'normalize': {
        const statistics = ['running_mean', 'running_var'];
        const inputs = [
          ...[x, this.#given('weight', layer), this.#given('bias', layer)],
          ...statistics.map((kind) => this.#tensor(`${layer.name}.${kind}`)),
        ];
        const attributes = { epsilon: { float: layer.epsilon } };
        let y = this.#node({ op: 'BatchNormalization', inputs, name, attributes });
        if (layer.residual !== undefined) {
          const residual = this.#names.of(layer.residual);
          y = this.#node({ op: 'Add', inputs: [y, residual], name: `${name}.add` });
        }
        return layer.relu ? this.#node({ op: 'Relu', inputs: [y], name: `${name}.relu` }) : y;
      }
      case 'relu':
        return this.#node({ op: 'Relu', inputs: [x], name });
      case 'leaky-relu': {
        const attributes = { alpha: { float: layer.slope } };
        return this.#node({ op: 'LeakyRelu', inputs: [x], name, attributes });
      }
      case 'relu6': {
        const bounds = [this.#number(`${name}.least`, 0), this.#number(`${name}.most`, 6)];
        return this.#node({ op: 'Clip', inputs: [x, ...bounds], name });
      }
      case 'gelu':
        return this.#gelu(name, x);
      case 'tanh':
        return this.#node({ op: 'Tanh', inputs: [x], name });
      case 'sigmoid':
        return this.#node({ op: 'Sigmoid', inputs: [x], name });
      case 'elu':
        return this.#node({ op: 'Elu', inputs: [x], name });
      case 'silu': {
        const gate = this.#node({ op: 'Sigmoid', inputs: [x], name: `${name}.gate` });
        return this.#node({ op: 'Mul', inputs: [x, gate], name });
      }
      case 'multiply':
        return this.#node({ op: 'Mul', inputs: [x, this.#names.of(layer.y)], name });
      case 'affine': {
        const factor = this.#number(`${name}.factor`, layer.factor);
        const scaled = this.#node({ op: 'Mul', inputs: [x, factor], name: `${name}.scaled` });
        const offset = this.#number(`${name}.offset`, layer.offset);
        return this.#node({ op: 'Add', inputs: [scaled, offset], name });
      }
      case 'concat': {
        const inputs = [x, ...layer.others.map((value) => this.#names.of(value))];
        return this.#node({ op: 'Concat', inputs, name, attributes: { axis: { int: 1 } } });
      }
      case 'average-pool': {
        const { kernel, stride, padding } = layer;
        const windows = { kernel_shape: kernel, strides: [stride, stride] };
        const attributes = padding ? { ...windows, pads: pads(padding) } : windows;
        return this.#node({ op: 'AveragePool', inputs: [x], name, attributes });
      }
      case 'pad': {
        const { top, left, bottom, right } = layer.sides;
        const sides = this.#integers(`${name}.pads`, [top, left, bottom, right]);
        const axes = this.#integers(`${name}.axes`, [2, 3]);
        // Without axes ONNX Runtime merges it into a pooling after it, which pads by -Infinity, or by nothing.
        const inputs = [x, sides, this.#number(`${name}.zero`, 0), axes];
        return this.#node({ op: 'Pad', inputs, name });
      }
      case 'reshape':
        return this.#reshaped(name, x, this.#shapes[layer.x]!, layer.shape);
      case 'add':
        return this.#node({ op: 'Add', inputs: [x, this.#names.of(layer.y)], name });
      case 'max-pool': {
        const { kernel, stride, padding } = layer;
        const strides = [stride, stride];
        const attributes = { kernel_shape: kernel, strides, pads: pads(padding) };
        return this.#node({ op: 'MaxPool', inputs: [x], name, attributes });
      }
      case 'subsample': {
        const strides = [layer.stride, layer.stride];
        const attributes = { kernel_shape: [1, 1], strides };
        const kept = this.#node({ op: 'MaxPool', inputs: [x], name: `${name}.kept`, attributes });
        const sides = [0, layer.before, 0, 0, 0, layer.after, 0, 0];
        const inputs = [kept, this.#integers(`${name}.pads`, sides)];
        return this.#node({ op: 'Pad', inputs, name });
      }
      case 'global-average-pool': {
        const mean = this.#node({ op: 'GlobalAveragePool', inputs: [x], name: `${name}.mean` });
        return this.#node({ op: 'Flatten', inputs: [mean], name });
      }
      case 'flatten': {
        if (layer.order === 'channels-first')
          return this.#node({ op: 'Flatten', inputs: [x], name });
        const attributes = { perm: NCHW_TO_NHWC };
        const last = { op: 'Transpose', inputs: [x], name: `${name}.channels-last`, attributes };
        return this.#node({ op: 'Flatten', inputs: [this.#node(last)], name });
      }
      case 'linear': {
        const inputs = [x, this.#tensor(`${layer.name}.weight`)];
        if (layer.bias) inputs.push(this.#tensor(`${layer.name}.bias`));
        return this.#node({ op: 'Gemm', inputs, name, attributes: { transB: { int: 1 } } });
      }
    }
  }

  message(): ProtobufMessage {
    const { network } = this.#trained;
    const { layers, logits } = graphOf(network);
    for (const layer of layers) this.#names.add(this.#layer(layer));
    this.#node({ op: 'Identity', inputs: [this.#names.of(logits)], name: OUTPUT });
    const { height, width, channels } = network.input;
    const message = new ProtobufMessage();
    for (const node of this.#nodes) message.message(1, node);
    message.text(2, network.name);
    for (const constant of this.#constants.values()) message.message(5, constant);
    return message
      .message(11, valueInfoProto(INPUT, ['batch', channels, height, width]))
      .message(12, valueInfoProto(OUTPUT, ['batch', network.classes]));
  }
}

/**
 * An ONNX model: `images` float32 [batch, channels, height, width], normalised as in training, → `logits` float32
 * [batch, classes]. Normalisation by running statistics; weights are initializers under their own names. Throws
 * UNSUPPORTED_MODEL where the network has no graph.
 */
export function encodeOnnx(trained: TrainedNetwork): Uint8Array {
  const graph = new OnnxGraph(trained).message();
  const { metadata } = trained;
  return modelProto(graph, {
    irVersion: IR_VERSION,
    opset: ONNX_OPSET,
    producer: 'winnow',
    metadata,
  }).encode();
}
