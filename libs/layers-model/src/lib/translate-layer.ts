import type { Sides } from '@winnow/plugin-api';
import type { Layer, Translation, Value } from './translation.ts';
import { unsupported } from './unsupported.ts';

interface Config {
  readonly activation?: string;
  readonly axis?: number;
  readonly center?: boolean;
  readonly dataFormat?: string;
  readonly dilationRate?: readonly number[];
  readonly epsilon?: number;
  readonly filters?: number;
  readonly kernelSize?: readonly [number, number];
  readonly maxValue?: number | null;
  readonly padding?: string | readonly [readonly [number, number], readonly [number, number]];
  readonly poolSize?: readonly [number, number];
  readonly scale?: boolean;
  readonly strides?: readonly [number, number];
  readonly units?: number;
  readonly useBias?: boolean;
}

interface Given {
  readonly translation: Translation;
  readonly layer: Layer;
  /** The layer's own, after those of the models that it is nested in. */
  readonly name: string;
  readonly config: Config;
  readonly x: Value;
  readonly inputs: readonly Value[];
  /** Of one example. */
  readonly shape: readonly number[];
}

const NO_ZEROS: Sides = { top: 0, bottom: 0, left: 0, right: 0 };

const sum = (a: Sides, b: Sides): Sides => ({
  top: a.top + b.top,
  bottom: a.bottom + b.bottom,
  left: a.left + b.left,
  right: a.right + b.right,
});

/** TensorFlow's "same": as many places as strides fit, an odd pixel of padding at the end. */
function same(size: number, window: number, stride: number): [before: number, after: number] {
  const all = Math.max(0, (Math.ceil(size / stride) - 1) * stride + window - size);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

/** Stride and padding of a window, with the zeros that were put aside before it. */
function windowOf({ name, config, x }: Given, window: readonly [number, number]) {
  const { strides = [1, 1], padding = 'valid', dilationRate = [] } = config;
  const [stride, across] = strides;
  if (stride !== across) throw unsupported(name, `has the strides [${strides.join(', ')}]`);
  if (dilationRate.some((rate) => rate !== 1)) throw unsupported(name, 'is dilated');
  const zeros = x.zeros ?? NO_ZEROS;
  if (padding === 'valid') return { stride, padding: zeros };
  if (padding !== 'same') throw unsupported(name, `has the padding "${String(padding)}"`);
  const [height, width] = x.shape as [number, number];
  const [top, bottom] = same(height + zeros.top + zeros.bottom, window[0], stride);
  const [left, right] = same(width + zeros.left + zeros.right, window[1], stride);
  return { stride, padding: sum(zeros, { top, bottom, left, right }) };
}

function activated({ translation, name }: Given, activation: string, x: Value): Value {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return translation.add((layers, values) => layers.relu(values[x.at]!), {
        shape: x.shape,
        neverNegative: true,
      });
    case 'softmax':
      if (x.shape.length === 1) return { ...x, softmax: true };
      throw unsupported(name, 'takes the softmax of images');
    default:
      throw unsupported(name, `has the activation "${activation}"`);
  }
}

function conv(given: Given): Value {
  const { translation, layer, name, config, x, shape } = given;
  const { filters, kernelSize, useBias: bias = true, activation = 'linear' } = config;
  const options = {
    channels: filters!,
    kernel: kernelSize!,
    bias,
    ...windowOf(given, kernelSize!),
  };
  const names = [`${name}.weight`, ...(bias ? [`${name}.bias`] : [])];
  translation.weights.push({ layer, names });
  const y = translation.add((layers, values) => layers.conv(name, values[x.at]!, options), {
    shape,
  });
  return activated(given, activation, y);
}

function dense(given: Given): Value {
  const { translation, layer, name, config, x, shape } = given;
  if (x.shape.length !== 1)
    throw unsupported(name, 'is dense over images: put a Flatten before it');
  const { units, useBias: bias = true, activation = 'linear' } = config;
  const names = [`${name}.weight`, ...(bias ? [`${name}.bias`] : [])];
  translation.weights.push({ layer, names });
  const y = translation.add(
    (layers, values) => layers.linear(name, values[x.at]!, { units: units!, bias }),
    { shape },
  );
  return activated(given, activation, y);
}

function normalize({ translation, layer, name, config, x, shape }: Given): Value {
  const { axis = -1, scale = true, center = true, epsilon } = config;
  if (x.shape.length === 2 || (axis !== -1 && axis !== x.shape.length))
    throw unsupported(name, `normalises along axis ${axis}`);
  if (!scale || !center) throw unsupported(name, 'normalises without scale or center');
  const names = ['weight', 'bias', 'running_mean', 'running_var'].map((own) => `${name}.${own}`);
  translation.weights.push({ layer, names });
  return translation.add((layers, values) => layers.normalize(name, values[x.at]!, { epsilon }), {
    shape,
  });
}

function maxPool(given: Given): Value {
  const { translation, name, config, x, shape } = given;
  const size = config.poolSize!;
  const { stride, padding } = windowOf(given, size);
  // A maximum's own padding is below every number: as good as zeros where a window has pixels too, none of them negative.
  if (x.zeros && !x.neverNegative)
    throw unsupported(name, 'takes the maximum over a ZeroPadding2D of what may be negative');
  const { top, bottom, left, right } = padding;
  if (x.zeros && (Math.max(top, bottom) >= size[0] || Math.max(left, right) >= size[1]))
    throw unsupported(name, 'may have windows that lie in the zeros of a ZeroPadding2D alone');
  return translation.add(
    (layers, values) => layers.maxPool(values[x.at]!, { size, stride, padding }),
    { shape, neverNegative: x.neverNegative ?? false },
  );
}

function add({ translation, name, inputs, shape }: Given): Value {
  if (inputs.some((input) => input.shape.join() !== shape.join()))
    throw unsupported(name, 'adds up different shapes');
  return inputs.reduce((x, y) =>
    translation.add((layers, values) => layers.add(values[x.at]!, values[y.at]!), {
      shape,
      neverNegative: (x.neverNegative && y.neverNegative) ?? false,
    }),
  );
}

function flatten({ translation, x, shape }: Given): Value {
  return translation.add(
    (layers, values) => layers.flatten(values[x.at]!, { order: 'channels-last' }),
    { shape, neverNegative: x.neverNegative ?? false },
  );
}

function zeroPadding({ config, x }: Given): Value {
  const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]];
  return { ...x, zeros: sum(x.zeros ?? NO_ZEROS, { top, bottom, left, right }) };
}

const TRANSLATIONS: Readonly<Record<string, (given: Given) => Value>> = {
  Conv2D: conv,
  Dense: dense,
  BatchNormalization: normalize,
  Activation: (given) => activated(given, given.config.activation ?? 'linear', given.x),
  ReLU(given) {
    if (typeof given.config.maxValue === 'number')
      throw unsupported(given.name, 'is a ReLU with a maximum');
    return activated(given, 'relu', given.x);
  },
  Softmax: (given) => activated(given, 'softmax', given.x),
  MaxPooling2D: maxPool,
  GlobalAveragePooling2D: ({ translation, x, shape }) =>
    translation.add((layers, values) => layers.globalAveragePool(values[x.at]!), { shape }),
  Flatten: flatten,
  // Nothing is dropped, neither by `predict` nor in Winnow's training.
  Dropout: ({ x }) => x,
  Add: add,
  ZeroPadding2D: zeroPadding,
};

const TAKES_ZEROS = ['Conv2D', 'MaxPooling2D', 'ZeroPadding2D'];

/** Adds a layer's steps. Throws UNSUPPORTED_MODEL, naming the layer. */
export function translateLayer(
  translation: Translation,
  layer: Layer,
  name: string,
  inputs: readonly Value[],
): Value {
  const kind = layer.getClassName();
  const translate = Object.hasOwn(TRANSLATIONS, kind) ? TRANSLATIONS[kind] : undefined;
  if (!translate) throw unsupported(name, `is of the kind ${kind}`);
  if (inputs.some(({ softmax }) => softmax)) throw unsupported(name, 'comes after a softmax');
  if (inputs.some(({ zeros }) => zeros) && !TAKES_ZEROS.includes(kind))
    throw unsupported(name, 'comes after a ZeroPadding2D');
  const config = layer.getConfig() as unknown as Config;
  if (config.dataFormat === 'channelsFirst') throw unsupported(name, 'has its channels first');
  const constrained = Object.entries(config).find(([key, x]) => key.endsWith('Constraint') && x);
  if (constrained) throw unsupported(name, `has the constraint "${constrained[0]}"`);
  const padded = ({ shape, zeros = NO_ZEROS }: Value) =>
    shape.length === 3
      ? [shape[0]! + zeros.top + zeros.bottom, shape[1]! + zeros.left + zeros.right, shape[2]!]
      : shape;
  const shapes = inputs.map((input) => [null, ...padded(input)]);
  const output = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes) as number[];
  const x = inputs[0]!;
  return translate({ translation, layer, name, config, x, inputs, shape: output.slice(1) });
}
