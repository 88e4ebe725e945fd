import type { Census } from '@winnow/tickets';
import type { Plan, Speed } from '../plan.ts';

/** What the page may ask of the worker, and what that tells. */

/** Images of the visitor's, by class. */
export interface OwnImage {
  readonly file: File;
  readonly label: string;
}

export interface OpenedImages {
  readonly classNames: readonly string[];
  readonly shape: { readonly height: number; readonly width: number; readonly channels: number };
  readonly training: number;
  readonly testing: number;
  /** Prunable weights of the network for them. */
  readonly weights: number;
  readonly stepsAnEpoch: number;
  readonly speed: Speed;
  /** Those that go with network and images. */
  readonly objectives: readonly { readonly name: string; readonly summary: string }[];
}

export const METHODS = ['cts', 'magnitude', 'random', 'snip'] as const;
export type Method = (typeof METHODS)[number];

export interface Setting {
  readonly method: Method;
  /** The name of a built-in one, or of the visitor's. */
  readonly objective: string;
  readonly density: number;
  readonly seed: number;
  readonly plan: Plan;
}

/** In the order in which they are worked through. */
export const PHASES = ['start', 'search', 'ticket', 'dense', 'random'] as const;
export type Phase = (typeof PHASES)[number];
/** What is trained, and so has an accuracy. */
export type Trained = Exclude<Phase, 'search'>;

export interface ProgressEvent {
  readonly type: 'progress';
  readonly phase: Phase;
  readonly step: number;
  readonly steps: number;
  /** Of the steps since the last event: objective, density, targetDensity, lambda of a search, loss of a training. */
  readonly rows: readonly Readonly<Record<string, number>>[];
}

/** A layer's place in a mask, and its shape: outputs, inputs, and the kernel's height and width. */
export interface MaskLayer {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface MaskEvent {
  readonly type: 'mask';
  readonly layers: readonly MaskLayer[];
  /** Of all layers, one after another: from 0 to 255, how likely a weight is to be kept. */
  readonly tints: Uint8Array;
  /** 1 where a weight is among the leading ones. */
  readonly kept: Uint8Array;
  /** Whether the search is over. */
  readonly final: boolean;
}

export interface TrainedEvent {
  readonly type: 'trained';
  readonly what: Trained;
  /** On the test images. */
  readonly accuracy: number;
  readonly seconds: number;
}

export interface FoundEvent {
  readonly type: 'found';
  readonly census: Pick<Census, 'size' | 'kept' | 'multiplyAdds' | 'bytes' | 'deadOutputs'>;
  readonly seconds: number;
  readonly notes: readonly string[];
}

export type SearchEvent = ProgressEvent | MaskEvent | TrainedEvent | FoundEvent;

/** A sentence on what is wrong, and what to do. */
export interface Trouble {
  readonly code: string;
  readonly sentence: string;
  readonly hint: string;
  /** Where in what was compiled from the visitor's objective, counted from 1 and from 0. */
  readonly at?: { readonly line: number; readonly column: number };
}

export type Ending = { readonly ended: 'done' | 'stopped' } | { readonly trouble: Trouble };

/** Of each class, from 0 to 1. */
export interface Readings {
  readonly dense: readonly number[];
  readonly ticket: readonly number[];
}

/** A test image: its pixels from 0 to 1, row by row. */
export interface TestImage {
  readonly pixels: Float32Array;
  readonly label: number;
}

/** An objective of the visitor's. */
export interface TakenObjective {
  readonly name: string;
  readonly summary: string;
  /** What it is exported as. */
  readonly exported: string;
  /** Its value on logits [1, 0] where the dense network says [0, 2]; none where it looks at more than logits. */
  readonly onLogits?: number;
}

export interface SearchApi {
  /** What is told from now on of all runs. */
  listen(tell: (event: SearchEvent) => void): void;
  open(images?: readonly OwnImage[]): Promise<OpenedImages | { readonly trouble: Trouble }>;
  /** Goes on where the same setting was stopped before. */
  run(setting: Setting): Promise<Ending>;
  stop(): void;
  /** Forgets what was done, so that the next run begins anew. */
  forget(): void;
  /** Of one image, its pixels from 0 to 1. */
  read(pixels: Float32Array): Promise<Readings>;
  testImage(index: number): Promise<TestImage>;
  /** The ticket's file, as `winnow run --method given` takes it. */
  ticketFile(): Promise<Uint8Array>;
  /** The ticket's network as a `tf.GraphModel`, in a zip. */
  graphModel(): Promise<Uint8Array>;
  /** Takes the visitor's objective, compiled, once it was differentiated on a tiny batch. */
  takeObjective(javascript: string): Promise<TakenObjective | { readonly trouble: Trouble }>;
}
