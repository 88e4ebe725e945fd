import type { layers as tfLayers } from '@tensorflow/tfjs-layers';
import type { Architecture, Layers } from '@winnow/models';
import type { Sides } from '@winnow/plugin-api';

export type Layer = tfLayers.Layer;

/** What flows through a model while it is translated. */
export interface Value {
  /** Its place among the architecture's values; the images are 0. */
  readonly at: number;
  /** Of one example: [height, width, channels], [height, width] or [units]. */
  readonly shape: readonly number[];
  /** Zeros that a ZeroPadding2D wants around it and the next layer adds. */
  readonly zeros?: Sides;
  readonly neverNegative?: boolean;
  /** Stands for its softmax. */
  readonly softmax?: boolean;
}

type Step = <T>(layers: Layers<T>, values: readonly T[]) => T;

/** A layer's weights, in the order of its `getWeights()`, by the names that Winnow's network has for them. */
export interface LayerWeights {
  readonly layer: Layer;
  readonly names: readonly string[];
}

/** A LayersModel as steps in the vocabulary of Winnow's networks. */
export class Translation {
  readonly weights: LayerWeights[] = [];
  /** Those that were translated, also whole models. */
  readonly done = new Set<Layer>();
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
