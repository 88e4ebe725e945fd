import type { Layer, Translation, Value } from './translation.ts';

/** What of layers' own configurations is read. */
export interface Config {
  readonly activation?: string;
  readonly alpha?: number;
  /** Of a BatchNormalization, as Keras exports it, a list. */
  readonly axis?: number | readonly number[];
  readonly center?: boolean;
  readonly dataFormat?: string;
  readonly dilationRate?: number | readonly number[];
  readonly epsilon?: number;
  readonly filters?: number;
  readonly kernelSize?: readonly [number, number];
  readonly maxValue?: number | null;
  readonly offset?: number;
  readonly padding?: string | readonly [readonly [number, number], readonly [number, number]];
  readonly poolSize?: readonly [number, number];
  /** Whether it normalises by one, or of a Rescaling the factor. */
  readonly scale?: boolean | number;
  readonly strides?: readonly [number, number];
  readonly units?: number;
  readonly useBias?: boolean;
}

/** One place at which a layer stands in a model. */
export interface LayerCall {
  readonly translation: Translation;
  readonly layer: Layer;
  /** The layer's own, after those of the models that it is nested in. */
  readonly name: string;
  /** Whether it stood at another place before, with the same weights. */
  readonly shared: boolean;
  readonly config: Config;
  readonly x: Value;
  readonly inputs: readonly Value[];
  /** Of what it puts out for one example. */
  readonly shape: readonly number[];
}
