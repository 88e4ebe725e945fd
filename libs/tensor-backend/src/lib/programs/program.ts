import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape, NamedTensors, NetworkGraph, ParameterSpec } from '@winnow/plugin-api';

/** A network to be compiled, for one set of kept parameters and one number of images. */
export interface ProgramRequest {
  readonly input: ImageShape;
  readonly graph: NetworkGraph;
  readonly parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[];
  /** One entry a parameter, packed: 1 where it is kept; the others are 0. */
  readonly kept: Uint8Array;
  readonly batch: number;
  /** Whether gradients are asked for; without them it takes less memory. */
  readonly differentiable: boolean;
}

/** A whole network as one op. */
export interface Program {
  /**
   * The kept parameters [kept], in order, and images [batch, height, width, channels] → logits [batch, classes];
   * differentiable once, by the parameters alone, and not under `statistics` (see `ForwardOptions`).
   */
  forward(parameters: tf.Tensor1D, images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D;
  dispose(): void;
}

/** Makes a program, which the caller disposes, or nothing where the network is of no form that a program has. */
export type CompileProgram = (request: ProgramRequest) => Program | undefined;

const ofBackends = new Map<string, CompileProgram>();

/** Gives a backend of TensorFlow.js programs. */
export function setPrograms(backend: string, compile: CompileProgram): void {
  ofBackends.set(backend, compile);
}

/** Whether the current backend has programs. */
export function hasPrograms(): boolean {
  return ofBackends.has(tf.getBackend());
}

/** A program on the current backend; nothing where that has none, or none of this network. The caller disposes it. */
export function compileProgram(request: ProgramRequest): Program | undefined {
  return ofBackends.get(tf.getBackend())?.(request);
}
