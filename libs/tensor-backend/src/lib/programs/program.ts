import * as tf from '@tensorflow/tfjs-core';
import type {
  GraphValue,
  ImageShape,
  NamedTensors,
  NetworkGraph,
  ParameterSpec,
} from '@winnow/plugin-api';

/** A network to be compiled, for one set of kept parameters and one number of images. */
export interface ProgramRequest {
  readonly input: ImageShape;
  readonly graph: NetworkGraph;
  readonly parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[];
  /** One entry a parameter, packed: 1 where it is kept; the others are 0. All are kept where it is left out. */
  readonly kept?: Uint8Array | undefined;
  readonly batch: number;
  /** Whether gradients are asked for; without them it takes less memory. */
  readonly differentiable: boolean;
  /** Values behind a ReLU that `show` gives beside the logits. */
  readonly captures?: readonly GraphValue[];
}

/** Logits, and what is captured, in order: [batch, height, width, channels] or [batch, units]. */
export interface ProgramOutputs {
  readonly logits: tf.Tensor2D;
  readonly captured: readonly tf.Tensor[];
}

/** By what a program computes one of its convolutions or products. */
export interface ProgramLayer {
  readonly name: string;
  /** Over all weights, or over the kept ones alone. */
  readonly road: 'dense' | 'kept';
  /** Weights that are kept, of how many. */
  readonly kept: number;
  readonly of: number;
}

/** A whole network as one op. */
export interface Program {
  /** In the order in which they are computed; the same for every number of images. */
  readonly layers: readonly ProgramLayer[];
  /**
   * The kept parameters [kept], in order, and images [batch, height, width, channels] → logits [batch, classes];
   * differentiable once, by the parameters alone, and not under `statistics` (see `ForwardOptions`). A second derivative
   * throws NO_GRADIENT.
   */
  forward(parameters: tf.Tensor1D, images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D;
  /** As `forward`, with what is captured beside the logits. */
  show(parameters: tf.Tensor1D, images: tf.Tensor4D): ProgramOutputs;
  dispose(): void;
}

/** What makes the programs of a backend. */
export interface ProgramMaker {
  /** The instruction set that they compute by, as the engine calls it. */
  instructions(): string;
  /** Makes a program, which the caller disposes, or nothing where the network is of no form that a program has. */
  compile(request: ProgramRequest): Program | undefined;
}

const ofBackends = new Map<string, ProgramMaker>();

/** Gives a backend of TensorFlow.js programs. */
export function setPrograms(backend: string, maker: ProgramMaker): void {
  ofBackends.set(backend, maker);
}

/** The instruction set of the current backend's programs; nothing where it has none. */
export function programInstructions(): string | undefined {
  return ofBackends.get(tf.getBackend())?.instructions();
}

/** A program on the current backend; nothing where that has none, or none of this network. The caller disposes it. */
export function compileProgram(request: ProgramRequest): Program | undefined {
  return ofBackends.get(tf.getBackend())?.compile(request);
}
