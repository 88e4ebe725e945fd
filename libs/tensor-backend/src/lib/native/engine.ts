import * as tf from '@tensorflow/tfjs-core';
import { availableParallelism } from 'node:os';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { arithmeticCalls } from '../vectors/native-arithmetic-calls.ts';
import { elementwiseCalls } from './kernels/elementwise-calls.ts';
import { linearMapCalls } from './kernels/linear-maps-calls.ts';
import { movementCalls } from './kernels/movement-calls.ts';
import { normalizationCalls } from './kernels/normalization-calls.ts';
import { programCalls } from './kernels/program-calls.ts';
import { reductionCalls } from './kernels/reductions-calls.ts';
import { loadAddon } from './load-addon.ts';
import { type AddonCalls, differences, namedCalls, namesOf } from './named-calls.ts';
import type { Call, Choices, Handle } from './signature.ts';

const SIGNATURES = {
  ...elementwiseCalls,
  ...reductionCalls,
  ...movementCalls,
  ...linearMapCalls,
  ...normalizationCalls,
  ...programCalls,
  ...arithmeticCalls,
};

export type Calls = { readonly [N in keyof typeof SIGNATURES]: Call<(typeof SIGNATURES)[N]> };

/** The addon's functions for its memory and settings (native/binding/addon.cc). */
interface Functions {
  allocate(bytes: number): Handle;
  release(handle: Handle): void;
  /** A handle of its own to a part of the same block. */
  view(handle: Handle, offsetBytes: number, bytes: number): Handle;
  write(handle: Handle, values: ArrayBufferView): void;
  read(handle: Handle, values: ArrayBufferView): void;
  trim(): void;
  memory(): { liveBytes: number; liveBlocks: number; cachedBytes: number; peakBytes: number };
  setThreads(count: number): void;
  threads(): number;
  setInstructions(name: string): void;
  instructions(): string;
  availableInstructions(): string[];
  /** Adds the op WinnowCall to the TensorFlow of this process; see native/binding/tensorflow.h. */
  joinTensorflow(): boolean;
}

export interface Addon extends Functions, AddonCalls {
  interfaceVersion?(): number;
}

/** Every function checks that the memory it is given holds what its sizes say, and throws otherwise. */
export interface Engine extends Functions, Calls {
  /** Names of ops, by the engine's enums. */
  readonly choices: Choices;
  /** Calls that are made by `make` in place of the engine, of arguments by position. */
  readonly elsewhere: (make: CallElsewhere) => Calls;
}

/** Makes a call of the engine whose arguments are of such kinds; returns what it does. */
export type CallElsewhere = (
  name: string,
  kinds: readonly string[],
  given: readonly unknown[],
) => unknown;

/** More than there are cores only slow each other down; as many as a large machine has are taken on a small one too. */
export const mostThreads = () => Math.max(256, availableParallelism());

/** As many threads as WINNOW_THREADS says, else as cores. Throws INVALID_THREADS. */
export function wantedThreads(): number {
  const asked = process.env['WINNOW_THREADS'];
  if (!asked) return availableParallelism();
  const [cores, most] = [availableParallelism(), mostThreads()];
  const count = /^\d+$/.test(asked) ? Number(asked) : NaN;
  if (count >= 1 && count <= most) return count;
  const problem =
    count > most
      ? `more threads than help anywhere: there ${cores === 1 ? 'is 1 core' : `are ${cores} cores`} here`
      : 'no number of threads';
  throw new WinnowError('INVALID_THREADS', `WINNOW_THREADS is "${asked}", which is ${problem}.`, {
    hint: `Give a whole number from 1 to ${most}.`,
  });
}

/** The instruction set that WINNOW_INSTRUCTIONS names, so that machines of several kinds round alike. Throws INVALID_INSTRUCTIONS. */
export function wantedInstructions(known: readonly string[]): string | undefined {
  const asked = process.env['WINNOW_INSTRUCTIONS'];
  if (!asked || known.includes(asked)) return asked || undefined;
  throw new WinnowError(
    'INVALID_INSTRUCTIONS',
    `WINNOW_INSTRUCTIONS is "${asked}", which the engine lacks on this processor.`,
    { hint: `It has ${known.join(', ')}.` },
  );
}

function madeBy(make: CallElsewhere, { signatures }: AddonCalls): AddonCalls['calls'] {
  const made = Object.entries(signatures).map(([name, { returns: _, ...kinds }]) => {
    const ofKinds = Object.values(kinds);
    return [name, (...given: unknown[]) => make(name, ofKinds, given)] as const;
  });
  return Object.fromEntries(made);
}

/** Of what signatures do not tell, as native/binding/addon.cc has it. */
const INTERFACE = 5;

/** Throws BACKEND_UNAVAILABLE for an addon whose calls are not those that are stated here. */
export function engineOf(addon: Addon): Engine {
  const known = addon.interfaceVersion?.() === INTERFACE;
  const different = known ? differences(SIGNATURES, addon) : [];
  if (known && different.length === 0) {
    const choices = namesOf(addon.choices) as Record<keyof Choices, readonly string[]>;
    const named = (of: AddonCalls) => namedCalls(of) as unknown as Calls;
    const elsewhere = (make: CallElsewhere) => named({ ...addon, calls: madeBy(make, addon) });
    return { ...addon, ...named(addon), choices, elsewhere };
  }
  const how = different.length > 0 ? ` (it differs in ${different.join(', ')})` : ', or is none';
  throw new WinnowError(
    'BACKEND_UNAVAILABLE',
    `The native engine that was found is of another version${how}.`,
    { hint: 'In the clone, run `node tools/build-engine.mjs`; unset WINNOW_ENGINE.' },
  );
}

let engine: Engine | undefined;

/**
 * The engine of this process, loaded at the first call. Throws BACKEND_UNAVAILABLE, INVALID_ENGINE,
 * INVALID_THREADS and INVALID_INSTRUCTIONS.
 */
export function loadEngine(): Engine {
  if (!engine) {
    const threads = wantedThreads();
    const loaded = engineOf(loadAddon() as Addon);
    const instructions = wantedInstructions(loaded.availableInstructions());
    loaded.setThreads(threads);
    if (instructions) loaded.setInstructions(instructions);
    engine = loaded;
  }
  return engine;
}

/** The engine, or `undefined` where there is none. Throws INVALID_ENGINE, INVALID_THREADS and INVALID_INSTRUCTIONS. */
export function engineHere(): Engine | undefined {
  try {
    return loadEngine();
  } catch (error) {
    if (isWinnowError(error) && error.code === 'BACKEND_UNAVAILABLE') return undefined;
    throw error;
  }
}

/** Backends whose layers the engine computes. */
const users = new Set(['native']);

/** The engine computes layers of this backend from now on. */
export function useEngine(backend: string): void {
  users.add(backend);
}

/** Threads that the current backend computes with on this machine's cores: TensorFlow's too, with the engine or without. */
export function threadsInUse(): number {
  return ['native', 'tensorflow'].includes(tf.getBackend()) ? wantedThreads() : 1;
}

/** What the engine computes with, while the backend is one of those. */
export function engineInUse(): { threads: number; instructions: string } | undefined {
  if (!users.has(tf.getBackend())) return undefined;
  const used = loadEngine();
  return { threads: used.threads(), instructions: used.instructions() };
}
