import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { ImageShape } from './dataset.ts';
import type { Initializer } from './initializer.ts';
import type { NamedTensors } from './named-tensors.ts';
import type { NetworkGraph } from './network-graph.ts';
import { type GivenOptions, parseOptions } from './options.ts';

/** One parameter of a network: what a file, a ticket and an initialisation must know of it. */
export interface ParameterSpec {
  readonly name: string;
  /** PyTorch's layout, unless `axes` says otherwise; see `NamedTensors`. */
  readonly shape: readonly number[];
  /** Which axes of the shape count the outputs and the inputs; 0 and 1 when left out. */
  readonly axes?: { readonly outputs: number; readonly inputs: number };
  /** Of outputs, in order, each of which has inputs of its own, as in a grouped convolution; 1 when left out. */
  readonly groups?: number;
  readonly prunable: boolean;
  readonly initializer: Initializer;
  /** Multiply-adds that one weight of this parameter costs per image: the number of places it is used at. */
  readonly usesPerImage: number;
}

/** What a forward pass heeds beside parameters and images. */
export interface ForwardOptions {
  /** Multiplied into the parameters of the same names; 0/1 or relaxed, in the parameters' shapes. */
  readonly mask?: NamedTensors;
  /**
   * Called with the output of every ReLU, or of what stands in its place, [batch, height, width, channels] or
   * [batch, features], in order, and a name: that of the last layer before it that has parameters.
   */
  readonly capture?: (activation: Tensor, name: string) => void;
  /** Called with what each normalisation layer takes in [batch, height, width, channels], and its name, in order. */
  readonly observe?: (layer: string, input: Tensor4D) => void;
  /**
   * What normalisation layers use in place of the batch's statistics: `LAYER.running_mean` and `LAYER.running_var`
   * [channels] of every one. A prediction then does not depend on the rest of its batch.
   */
  readonly statistics?: NamedTensors;
}

/** A network as a pure function of its parameters. */
export interface Network {
  readonly name: string;
  /** The third party's plugin that built it, set as that is loaded. */
  readonly plugin?: string;
  readonly input: ImageShape;
  readonly classes: number;
  /** In file order; the prunable ones in this order, each flattened row by row, are the indices of a ticket. */
  readonly parameters: readonly ParameterSpec[];
  /** Names of parameters that the user keeps from being pruned; see `leaveOut` of `@winnow/models`. */
  readonly leftOut?: readonly string[];
  /** Images [batch, height, width, channels] → logits [batch, classes]. Normalises by the statistics of this batch unless told otherwise. */
  forward(parameters: NamedTensors, images: Tensor4D, options?: ForwardOptions): Tensor2D;
  /**
   * The sum of the outputs for one image of ones, as value · 2^exponent, with normalisation read as its affine map at mean
   * 0 and variance 1; differentiable with respect to the parameters, which are absolute values. SynFlow needs it.
   */
  synapticFlow?(parameters: NamedTensors): { value: Scalar; exponent: number };
  /** The same network as data, from which exports are written. A network without one can be pruned, but not exported. */
  readonly graph?: NetworkGraph;
}

/** A model by name; `build` throws a `WinnowError` for images or options that it cannot take. */
export interface ModelDescriptor<S extends z.ZodType = z.ZodType> {
  readonly kind: 'model';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  readonly options: S;
  /** Epochs of dense training before a rewind start, out of the data set's standard epochs. */
  readonly rewindEpochs: number;
  /** Throws INVALID_OPTION. */
  build(input: ImageShape, classes: number, options?: GivenOptions): Network;
}

/** A model as its author writes it; `build` gets the options checked, and with their defaults. */
export interface ModelDefinition<S extends z.ZodType> extends Omit<
  ModelDescriptor<S>,
  'kind' | 'plugin' | 'build'
> {
  build(input: ImageShape, classes: number, options: z.output<S>): Network;
}

/** Makes a component of a model, for `definePlugin`. */
export function defineModel<S extends z.ZodType>(definition: ModelDefinition<S>): ModelDescriptor {
  return {
    ...definition,
    kind: 'model',
    build: (input, classes, options = {}) =>
      definition.build(
        input,
        classes,
        parseOptions(definition.options, options, `model "${definition.name}"`),
      ),
  };
}
