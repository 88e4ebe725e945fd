import {
  type GraphLayer,
  type GraphShape,
  type GraphValue,
  type ImageShape,
  type Initializer,
  type NetworkGraph,
  type ParameterSpec,
  type ShownValue,
  WinnowError,
} from '@winnow/plugin-api';
import { NORMALIZATION_EPSILON, sidesOf } from '@winnow/tensor-backend';
import { ActivationNames } from './activation-names.ts';
import {
  assertAlike,
  assertDivides,
  assertJoin,
  assertMultiply,
  assertReshape,
  featuresIn,
  imagesIn,
  slide,
  subsampled,
} from './check-shapes.ts';
import { extentOf } from './extent.ts';
import type { Architecture, Layers } from './layers.ts';

/** What flows through a network while it is traced. */
interface Traced {
  readonly value: GraphValue;
  readonly shape: GraphShape;
}
type Options<K extends keyof Layers<Traced>> = Parameters<Layers<Traced>[K]>;
/** Without its shape, which its output has. */
type Described<L = GraphLayer> = L extends GraphLayer ? Omit<L, 'shape'> : never;

const KAIMING_GAIN = Math.SQRT2;

function kaimingNormal(fanIn: number): Initializer {
  return { kind: 'normal', std: KAIMING_GAIN / Math.sqrt(fanIn) };
}

function fanInUniform(fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn);
  return { kind: 'uniform', low: -bound, high: bound };
}

const channelsOf = (shape: GraphShape) => ('units' in shape ? shape.units : shape.channels);

const namedTwice = (problem: string) =>
  new WinnowError('BAD_MODEL', problem, {
    hint: 'Name each layer otherwise, or say `shared: true` where the second has the parameters of the first.',
  });

class Trace implements Layers<Traced> {
  readonly parameters: ParameterSpec[] = [];
  readonly layers: GraphLayer[] = [];
  /** What is behind a ReLU, each named after the last layer before it that has parameters. */
  readonly activations: ShownValue[] = [];
  readonly #names = new ActivationNames();
  /** What the network takes in before there is such a layer. */
  #last = 'images';

  #declare(
    name: string,
    shape: number[],
    initializer: Initializer,
    { prunable = false, usesPerImage = 1, groups = 1, shared = false } = {},
  ) {
    if (shared) return this.#share(name, shape, usesPerImage);
    if (this.parameters.some((parameter) => parameter.name === name))
      throw namedTwice(`Two layers have a parameter "${name}".`);
    const grouped = groups > 1 ? { groups } : {};
    this.parameters.push({ name, shape, prunable, initializer, usesPerImage, ...grouped });
  }

  #share(name: string, shape: number[], usesPerImage: number): void {
    const at = this.parameters.findIndex((parameter) => parameter.name === name);
    const known = this.parameters[at];
    if (known?.shape.join() !== shape.join())
      throw new WinnowError(
        'BAD_MODEL',
        `A layer shares "${name}" of [${shape.join(', ')}], which no layer before it has.`,
        { hint: 'Name the earlier layer, and take inputs of as many channels as it does.' },
      );
    this.parameters[at] = { ...known, usesPerImage: known.usesPerImage + usesPerImage };
  }

  #layer(layer: Described, shape: GraphShape): Traced {
    const value = this.layers.push({ ...layer, shape });
    return { value, shape };
  }

  #shown(x: Traced): Traced {
    this.activations.push({ name: this.#names.unique(this.#last), value: x.value });
    return x;
  }

  conv(...[name, x, options]: Options<'conv'>): Traced {
    const { channels, stride = 1, bias = false, groups = 1, dilation = 1, shared } = options;
    this.#last = name;
    const input = imagesIn(`The convolution "${name}"`, x.shape);
    assertDivides(name, groups, [input.channels, channels]);
    const inputs = input.channels / groups;
    const [kernel, padding] = [extentOf(options.kernel), sidesOf(options.padding ?? 0)];
    const [rows, columns] = kernel;
    const seen = [(rows - 1) * dilation + 1, (columns - 1) * dilation + 1] as const;
    const { height, width } = slide(input, seen, stride, padding);
    const fanIn = inputs * kernel[0] * kernel[1];
    this.#declare(`${name}.weight`, [channels, inputs, ...kernel], kaimingNormal(fanIn), {
      prunable: true,
      usesPerImage: height * width,
      groups,
      shared,
    });
    if (bias) this.#declare(`${name}.bias`, [channels], fanInUniform(fanIn), { shared });
    const grouped = groups > 1 ? { groups } : {};
    const dilated = dilation > 1 ? { dilation } : {};
    return this.#layer(
      {
        op: 'conv',
        x: x.value,
        name,
        channels,
        kernel,
        stride,
        padding,
        bias,
        ...grouped,
        ...dilated,
      },
      { height, width, channels },
    );
  }

  normalize(...[name, x, options = {}]: Options<'normalize'>): Traced {
    const { residual, relu = false, epsilon = NORMALIZATION_EPSILON } = options;
    const { scale = true, shift = true, shared } = options;
    if (residual) assertAlike(`The residual sum of "${name}"`, x.shape, residual.shape);
    // Running statistics go by its name, whether or not it has parameters.
    if (!shared && this.layers.some((layer) => layer.op === 'normalize' && layer.name === name))
      throw namedTwice(`Two normalisations are called "${name}".`);
    const shape = [channelsOf(x.shape)];
    if (scale)
      this.#declare(`${name}.weight`, shape, { kind: 'uniform', low: 0, high: 1 }, { shared });
    if (shift) this.#declare(`${name}.bias`, shape, { kind: 'constant', value: 0 }, { shared });
    this.#last = name;
    const added = residual ? { residual: residual.value } : {};
    const without = { ...(scale ? {} : { scale }), ...(shift ? {} : { shift }) };
    const kind = { op: 'normalize', x: x.value, name, epsilon } as const;
    const layer = { ...kind, ...added, relu, ...without };
    const y = this.#layer(layer, x.shape);
    return relu ? this.#shown(y) : y;
  }

  relu(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'relu', x: x.value }, x.shape));
  }

  leakyRelu(...[x, { slope = 0.01 } = {}]: Options<'leakyRelu'>): Traced {
    return this.#shown(this.#layer({ op: 'leaky-relu', x: x.value, slope }, x.shape));
  }

  relu6(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'relu6', x: x.value }, x.shape));
  }

  gelu(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'gelu', x: x.value }, x.shape));
  }

  tanh(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'tanh', x: x.value }, x.shape));
  }

  sigmoid(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'sigmoid', x: x.value }, x.shape));
  }

  elu(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'elu', x: x.value }, x.shape));
  }

  silu(x: Traced): Traced {
    return this.#shown(this.#layer({ op: 'silu', x: x.value }, x.shape));
  }

  affine(...[x, { factor, offset }]: Options<'affine'>): Traced {
    return this.#layer({ op: 'affine', x: x.value, factor, offset }, x.shape);
  }

  add(x: Traced, y: Traced): Traced {
    assertAlike('A sum', x.shape, y.shape);
    return this.#layer({ op: 'add', x: x.value, y: y.value }, x.shape);
  }

  multiply(x: Traced, y: Traced): Traced {
    assertMultiply(x.shape, y.shape);
    return this.#layer({ op: 'multiply', x: x.value, y: y.value }, x.shape);
  }

  concat([x, ...others]: readonly [Traced, ...Traced[]]): Traced {
    const shapes = [x, ...others].map(({ shape }) => shape);
    assertJoin(shapes);
    const channels = shapes.reduce((sum, shape) => sum + channelsOf(shape), 0);
    return this.#layer(
      { op: 'concat', x: x.value, others: others.map(({ value }) => value) },
      'units' in x.shape ? { units: channels } : { ...x.shape, channels },
    );
  }

  averagePool(...[x, { size, stride, padding }]: Options<'averagePool'>): Traced {
    const input = imagesIn('An average pooling', x.shape);
    const kernel = extentOf(size);
    const padded = padding === undefined ? {} : { padding: sidesOf(padding) };
    return this.#layer(
      { op: 'average-pool', x: x.value, kernel, stride, ...padded },
      { ...slide(input, kernel, stride, sidesOf(padding ?? 0)), channels: input.channels },
    );
  }

  pad(...[x, padding]: Options<'pad'>): Traced {
    const { height, width, channels } = imagesIn('A padding', x.shape);
    const sides = sidesOf(padding);
    return this.#layer(
      { op: 'pad', x: x.value, sides },
      {
        height: height + sides.top + sides.bottom,
        width: width + sides.left + sides.right,
        channels,
      },
    );
  }

  reshape(...[x, shape]: Options<'reshape'>): Traced {
    assertReshape(x.shape, shape);
    return this.#layer({ op: 'reshape', x: x.value }, shape);
  }

  maxPool(...[x, options]: Options<'maxPool'>): Traced {
    const input = imagesIn('A max pooling', x.shape);
    const { stride } = options;
    const [kernel, padding] = [extentOf(options.size), sidesOf(options.padding ?? 0)];
    return this.#layer(
      { op: 'max-pool', x: x.value, kernel, stride, padding },
      { ...slide(input, kernel, stride, padding), channels: input.channels },
    );
  }

  subsample(...[x, { stride, channels }]: Options<'subsample'>): Traced {
    const input = imagesIn('A subsampling', x.shape);
    const shape = subsampled(input, stride, channels);
    const added = channels - input.channels;
    const before = Math.floor(added / 2);
    return this.#layer(
      { op: 'subsample', x: x.value, stride, before, after: added - before },
      shape,
    );
  }

  globalAveragePool(x: Traced): Traced {
    const { channels } = imagesIn('A global average pooling', x.shape);
    return this.#layer({ op: 'global-average-pool', x: x.value }, { units: channels });
  }

  flatten(...[x, { order = 'channels-first' } = {}]: Options<'flatten'>): Traced {
    const { height, width, channels } = imagesIn('A flattening', x.shape);
    return this.#layer({ op: 'flatten', x: x.value, order }, { units: height * width * channels });
  }

  linear(...[name, x, options]: Options<'linear'>): Traced {
    const { units, prunable = true, bias = true, shared } = options;
    const fanIn = featuresIn(`The linear layer "${name}"`, x.shape);
    this.#last = name;
    this.#declare(`${name}.weight`, [units, fanIn], kaimingNormal(fanIn), { prunable, shared });
    if (bias) this.#declare(`${name}.bias`, [units], fanInUniform(fanIn), { shared });
    return this.#layer({ op: 'linear', x: x.value, name, bias }, { units });
  }
}

/**
 * The parameters and the layers of an architecture for images of this shape, in order. Initialisation is the authors':
 * weights Kaiming-normal (fan-in, gain √2), normalisation scales U[0, 1) and shifts 0, linear biases U(±1/√fan-in).
 * Throws IMAGES_TOO_SMALL, and BAD_MODEL for groups that do not divide, shapes that do not go together, two layers of one
 * name that do not share their parameters, or shared parameters that are not there.
 */
export function traceArchitecture(
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): { readonly parameters: readonly ParameterSpec[]; readonly graph: NetworkGraph } {
  const trace = new Trace();
  const { value } = architecture<Traced>(trace, { value: 0, shape: input }, classes);
  const { parameters, layers, activations } = trace;
  return { parameters, graph: { layers, logits: value, activations } };
}
