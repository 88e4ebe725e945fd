import { activated, leakyRelu, relu, rescaled } from './activations.ts';
import type { Config, LayerCall } from './layer-call.ts';
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from './poolings.ts';
import { add, concatenate, multiply, reshaped, zeroPadding } from './shapes.ts';
import type { Value } from './translation.ts';
import { unsupported } from './unsupported.ts';
import { conv, dense, depthwiseConv, normalize, separableConv } from './weighted.ts';
import { padded, paddedShape } from './zeros.ts';

/** By class. */
const TRANSLATIONS: Readonly<Record<string, (call: LayerCall) => Value>> = {
  Conv2D: conv,
  DepthwiseConv2D: depthwiseConv,
  SeparableConv2D: separableConv,
  Dense: dense,
  BatchNormalization: normalize,
  MaxPooling2D: maxPool,
  AveragePooling2D: averagePool,
  GlobalMaxPooling2D: globalMaxPool,
  GlobalAveragePooling2D: globalAveragePool,
  ZeroPadding2D: zeroPadding,
  Add: add,
  Multiply: multiply,
  Concatenate: concatenate,
  Flatten: (call) => reshaped(call, call.x, call.shape),
  Reshape: (call) => reshaped(call, call.x, call.shape),
  // Nothing is dropped, neither by `predict` nor in Winnow's training.
  Dropout: ({ x }) => x,
  Rescaling: (call) => rescaled(call, call.x, call.config.scale as number, call.config.offset),
  Activation: (call) => activated(call, call.config.activation ?? 'linear', call.x),
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: (call) => activated(call, 'elu', call.x),
  Softmax: (call) => activated(call, 'softmax', call.x),
};

const TAKES_ZEROS = [
  ...['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'MaxPooling2D', 'ZeroPadding2D'],
];
/** A network ends in logits: what comes after their softmax can but move them. */
const AFTER_SOFTMAX = ['Flatten', 'Reshape', 'Dropout'];

type Place = Omit<LayerCall, 'config' | 'x' | 'shape'>;

/** Adds a layer's steps, for one of its places. Throws UNSUPPORTED_MODEL, naming the layer. */
export function translateLayer(place: Place): Value {
  const { translation, layer } = place;
  const kind = layer.getClassName();
  const translate = Object.hasOwn(TRANSLATIONS, kind) ? TRANSLATIONS[kind] : undefined;
  if (!translate) throw unsupported(place, 'is of no class that can be adapted');
  if (place.inputs.some(({ softmax }) => softmax) && !AFTER_SOFTMAX.includes(kind))
    throw unsupported(place, 'comes after a softmax');
  const config = layer.getConfig() as unknown as Config;
  if (config.dataFormat === 'channelsFirst') throw unsupported(place, 'has its channels first');
  const constrained = Object.entries(config).find(([key, x]) => key.endsWith('Constraint') && x);
  if (constrained) throw unsupported(place, `has the constraint "${constrained[0]}"`);
  const takesZeros = TAKES_ZEROS.includes(kind);
  const inputs = takesZeros ? place.inputs : place.inputs.map((x) => padded(translation, x));
  // Of one image, as a Reshape tells of an unknown number of them less than of any other.
  const shapes = inputs.map((input) => [1, ...paddedShape(input)]);
  const output = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes) as number[];
  return translate({ ...place, config, inputs, x: inputs[0]!, shape: output.slice(1) });
}
