import type { GraphLayer, GraphShape, GraphValue, SlidingWindow } from '@winnow/plugin-api';
import type { Engine } from '../native/engine.ts';
import type { ProgramRequest } from './program.ts';

/** An activation that is described, and not yet added: it may still get a sum or a rectifier. */
interface Pending {
  readonly layer: number;
  readonly adjustment: 'None' | 'Shift' | 'Normalize';
  readonly scale: number;
  readonly shift: number;
  readonly epsilon: number;
  readonly second: number;
  readonly rectifier: 'None' | 'Relu' | 'Relu6';
  /** The normalisation's name and channels, where it is one. */
  readonly normalized?: { readonly name: string; readonly channels: number };
}

/** A normalisation, whose statistics may be given. */
export interface NormalizedLayer {
  readonly name: string;
  readonly channels: number;
}

const isRectified = ({ rectifier }: Pending) => rectifier !== 'None';

/** Thrown within this file alone. */
class Unfit extends Error {}

const NO_WINDOW = { kernelHeight: 1, kernelWidth: 1, stride: 1, padTop: 0, padLeft: 0 };
const NO_SIZE = { outHeight: 1, outWidth: 1 };

/** The engine's windows each see a pixel of the image. */
function windowsOf({ kernel: [height, width], stride, padding }: SlidingWindow) {
  const { top, bottom, left, right } = padding;
  if (Math.max(top, bottom) >= height || Math.max(left, right) >= width) throw new Unfit();
  return { kernelHeight: height, kernelWidth: width, stride, padTop: top, padLeft: left };
}

const sizeOf = (shape: GraphShape) =>
  'units' in shape ? NO_SIZE : { outHeight: shape.height, outWidth: shape.width };

/** Adds a network's layers to a program of the engine, in order. */
class Lowering {
  readonly normalized: NormalizedLayer[] = [];
  /** Of convolutions and linear layers, by name: the engine's number. */
  readonly weighted = new Map<string, number>();
  readonly #named = new Set<string>();
  readonly #engine: Engine;
  readonly #program: number;
  readonly #offsets: ReadonlyMap<string, number>;
  readonly #pending = new Map<GraphValue, Pending>();
  /** By value: the number of its activation. */
  readonly #activations = new Map<GraphValue, number>([[0, 0]]);

  constructor(engine: Engine, program: number, offsets: ReadonlyMap<string, number>) {
    this.#engine = engine;
    this.#program = program;
    this.#offsets = offsets;
  }

  #added(number: number): number {
    if (number < 0) throw new Unfit();
    return number;
  }

  #offset(name: string): number {
    return this.#offsets.get(name)!;
  }

  #describe(value: GraphValue, layer: number, bias?: string): void {
    this.#pending.set(value, {
      layer,
      adjustment: bias === undefined ? 'None' : 'Shift',
      scale: 0,
      shift: bias === undefined ? 0 : this.#offset(bias),
      epsilon: 0,
      second: -1,
      rectifier: 'None',
    });
  }

  /** What is described of a value that nothing has read yet. */
  #taken(value: GraphValue): Pending {
    const pending = this.#pending.get(value);
    if (!pending) throw new Unfit();
    this.#pending.delete(value);
    return pending;
  }

  /** The activation of a value, which is added where it is read first. */
  activation(value: GraphValue): number {
    const known = this.#activations.get(value);
    if (known !== undefined) return known;
    const number = this.#activationOf(this.#taken(value));
    this.#activations.set(value, number);
    return number;
  }

  #convolution(
    x: GraphValue,
    name: string,
    shape: GraphShape,
    { groups = 1, ...window } = { ...NO_WINDOW, groups: 1 },
  ): number {
    const number = this.#added(
      this.#engine.addConvolution({
        program: this.#program,
        input: this.activation(x),
        channels: 'units' in shape ? shape.units : shape.channels,
        groups,
        weight: this.#offset(`${name}.weight`),
        ...window,
        ...sizeOf(shape),
      }),
    );
    this.weighted.set(name, number);
    return number;
  }

  #gather(
    kind: 'Max' | 'Average' | 'Subsample' | 'Flatten',
    { x, shape }: GraphLayer,
    own: Partial<Parameters<Engine['addGather']>[0]> = {},
  ): number {
    return this.#added(
      this.#engine.addGather({
        program: this.#program,
        input: this.activation(x),
        kind,
        channels: 'units' in shape ? shape.units : shape.channels,
        before: 0,
        channelsLast: false,
        ...NO_WINDOW,
        ...sizeOf(shape),
        ...own,
      }),
    );
  }

  #activationOf({ normalized, ...pending }: Pending): number {
    const number = this.#added(this.#engine.addActivation({ program: this.#program, ...pending }));
    if (normalized) this.normalized.push(normalized);
    return number;
  }

  /** Either may be waiting; the layer that comes later is what the other is added to. */
  #sum(one: Pending, y: GraphValue): Pending {
    const other = this.#pending.get(y);
    if (!other || other.layer < one.layer) {
      if (one.second >= 0 || isRectified(one)) throw new Unfit();
      return { ...one, second: this.activation(y) };
    }
    if (other.second >= 0 || isRectified(other)) throw new Unfit();
    return { ...this.#taken(y), second: this.#activationOf(one) };
  }

  #rectify(value: GraphValue, x: GraphValue, rectifier: Pending['rectifier']): void {
    const pending = this.#taken(x);
    // Of one behind another the tighter bounds remain.
    const both = isRectified(pending) && pending.rectifier !== rectifier ? 'Relu6' : rectifier;
    this.#pending.set(value, { ...pending, rectifier: both });
  }

  capture(value: GraphValue): void {
    const activation = this.activation(value);
    this.#added(this.#engine.captureActivation({ program: this.#program, activation }));
  }

  /** The engine keeps a gradient of each weight by one layer. */
  #once(layer: GraphLayer): void {
    if (!('name' in layer)) return;
    if (this.#named.has(layer.name)) throw new Unfit();
    this.#named.add(layer.name);
  }

  add(layer: GraphLayer, value: GraphValue): void {
    this.#once(layer);
    switch (layer.op) {
      case 'conv': {
        const { x, name, shape, bias, groups = 1, dilation = 1 } = layer;
        if (dilation > 1) throw new Unfit();
        const number = this.#convolution(x, name, shape, { ...windowsOf(layer), groups });
        return this.#describe(value, number, bias ? `${name}.bias` : undefined);
      }
      case 'linear': {
        const { x, name, shape, bias } = layer;
        const number = this.#convolution(x, name, shape);
        return this.#describe(value, number, bias ? `${name}.bias` : undefined);
      }
      case 'normalize': {
        const { x, name, epsilon, residual, relu, shape, scale = true, shift = true } = layer;
        if (!scale || !shift) throw new Unfit();
        const pending = this.#taken(x);
        if (pending.adjustment !== 'None' || pending.second >= 0 || isRectified(pending))
          throw new Unfit();
        const normalized: Pending = {
          ...pending,
          adjustment: 'Normalize',
          scale: this.#offset(`${name}.weight`),
          shift: this.#offset(`${name}.bias`),
          epsilon,
          normalized: { name, channels: 'units' in shape ? shape.units : shape.channels },
        };
        const sum = residual === undefined ? normalized : this.#sum(normalized, residual);
        this.#pending.set(value, { ...sum, rectifier: relu ? 'Relu' : 'None' });
        return;
      }
      case 'relu':
        return this.#rectify(value, layer.x, 'Relu');
      case 'relu6':
        return this.#rectify(value, layer.x, 'Relu6');
      case 'add': {
        const { x, y } = layer;
        const [one, other] = this.#pending.has(x) ? [x, y] : [y, x];
        this.#pending.set(value, this.#sum(this.#taken(one), other));
        return;
      }
      case 'leaky-relu':
      case 'gelu':
      case 'concat':
      case 'average-pool':
      case 'tanh':
      case 'sigmoid':
      case 'elu':
      case 'silu':
      case 'multiply':
      case 'affine':
      case 'pad':
      case 'reshape':
        throw new Unfit();
      case 'max-pool':
        return this.#describe(value, this.#gather('Max', layer, windowsOf(layer)));
      case 'subsample': {
        const { stride, before } = layer;
        return this.#describe(value, this.#gather('Subsample', layer, { stride, before }));
      }
      case 'global-average-pool':
        return this.#describe(value, this.#gather('Average', layer));
      case 'flatten': {
        const channelsLast = layer.order === 'channels-last';
        return this.#describe(value, this.#gather('Flatten', layer, { channelsLast }));
      }
    }
  }
}

/** A program of the engine, by its number, the floats of its tape and its normalisations in order. */
export interface LoweredGraph {
  readonly program: number;
  readonly tapeFloats: number;
  readonly normalized: readonly NormalizedLayer[];
  /** By name, whether a layer multiplies with all of its weights. */
  readonly dense: ReadonlyMap<string, boolean>;
}

/** Nothing where the network is of no form that a program has. */
export function lowerGraph(engine: Engine, request: ProgramRequest): LoweredGraph | undefined {
  const { input, graph, parameters, batch, differentiable, captures = [] } = request;
  const offsets = new Map<string, number>();
  let size = 0;
  for (const { name, shape } of parameters) {
    offsets.set(name, size);
    size += shape.reduce((product, n) => product * n, 1);
  }
  const { kept = new Uint8Array(size).fill(1) } = request;
  const program = engine.beginProgram({ batch, ...input, parameters: size, kept, differentiable });
  const lowering = new Lowering(engine, program, offsets);
  try {
    for (const [i, layer] of graph.layers.entries()) lowering.add(layer, i + 1);
    const logits = lowering.activation(graph.logits);
    for (const value of captures) lowering.capture(value);
    const tapeFloats = engine.finishProgram({ program, logits });
    if (tapeFloats < 0) throw new Unfit();
    const dense = new Map(
      Array.from(lowering.weighted, ([name, layer]) => [
        name,
        engine.programIsDense({ program, layer }) === 1,
      ]),
    );
    return { program, tapeFloats, normalized: lowering.normalized, dense };
  } catch (error) {
    engine.releaseProgram({ program });
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}
