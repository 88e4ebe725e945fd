import * as tf from '@tensorflow/tfjs-core';
import { hostVectors, plainTransfer } from './host-vectors.ts';
import { plainArithmetic } from './plain-arithmetic.ts';
import type { Vectors } from './vector.ts';

const plainVectors = hostVectors(plainArithmetic, plainTransfer);
const ofBackends = new Map<string, Vectors>();

/** Gives a backend of TensorFlow.js vectors of its own. */
export function setVectors(backend: string, own: Vectors): void {
  ofBackends.set(backend, own);
}

/** Those of the current backend: its own, or plain arrays where it has none. */
export function vectors(): Vectors {
  return ofBackends.get(tf.getBackend()) ?? plainVectors;
}
