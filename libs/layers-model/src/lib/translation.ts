import type { layers as tfLayers } from '@tensorflow/tfjs-layers';
import type { Architecture, Layers } from '@winnow/models';
import type { Sides } from '@winnow/plugin-api';
import type { Layout } from './layouts.ts';

export type Layer = tfLayers.Layer;

/** What flows through a model while it is translated. */
export interface Value {
  /** Its place among the architecture's values; the images are 0. */
  readonly at: number;
  /** Of one example: [height, width, channels], [height, width] or [units]. */
  readonly shape: readonly number[];
  /** Zeros that a ZeroPadding2D wants around it, and that are not there yet. */
  readonly zeros?: Sides;
  readonly neverNegative?: boolean;
  /** Stands for its softmax, over the last axis. */
  readonly softmax?: boolean;
}

type Step = <T>(layers: Layers<T>, values: readonly T[]) => T;

/** A weight's name in Winnow's network, and how it lies there. */
export type NamedLayout = readonly [name: string, layout: Layout];

/** A layer's weights, in the order of its `getWeights()`. */
export interface LayerWeights {
  readonly layer: Layer;
  readonly weights: readonly NamedLayout[];
}

/** A LayersModel as steps in the vocabulary of Winnow's networks. */
export class Translation {
  /** Of each layer once, wherever it stands. */
  readonly weights: LayerWeights[] = [];
  /** Of layers that were met, at the first of their places. */
  readonly names = new Map<Layer, string>();
  readonly #steps: Step[] = [];

  add(step: Step, described: Omit<Value, 'at'>): Value {
    return { ...described, at: this.#steps.push(step) };
  }

  /** From the images to this value. */
  architecture({ at }: Value): Architecture {
    const steps = this.#steps;
    return <T>(layers: Layers<T>, images: T): T => {
      const values = [images];
      for (const step of steps) values.push(step(layers, values));
      return values[at]!;
    };
  }
}
