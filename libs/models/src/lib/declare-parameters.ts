import {
  type ImageShape,
  type Initializer,
  type ParameterSpec,
  WinnowError,
} from '@winnow/plugin-api';
import type { Architecture, Layers } from './layers.ts';

interface Features {
  readonly units: number;
}
type Shape = ImageShape | Features;

const KAIMING_GAIN = Math.SQRT2;

function kaimingNormal(fanIn: number): Initializer {
  return { kind: 'normal', std: KAIMING_GAIN / Math.sqrt(fanIn) };
}

function fanInUniform(fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn);
  return { kind: 'uniform', low: -bound, high: bound };
}

function slide(size: number, kernel: number, stride: number, padding: number): number {
  const places = Math.floor((size + 2 * padding - kernel) / stride) + 1;
  if (places > 0) return places;
  throw new WinnowError(
    'IMAGES_TOO_SMALL',
    'A layer of this network would have no pixels left of such small images.',
    {
      hint: 'Choose a network with fewer poolings, or larger images.',
    },
  );
}

class ParameterDeclarations implements Layers<Shape> {
  readonly parameters: ParameterSpec[] = [];

  #declare(
    name: string,
    shape: number[],
    initializer: Initializer,
    { prunable = false, usesPerImage = 1 } = {},
  ) {
    this.parameters.push({ name, shape, prunable, initializer, usesPerImage });
  }

  conv(
    name: string,
    x: Shape,
    {
      channels,
      kernel,
      stride = 1,
      padding = 0,
      bias = false,
    }: Parameters<Layers<Shape>['conv']>[2],
  ): ImageShape {
    const input = x as ImageShape;
    const height = slide(input.height, kernel, stride, padding);
    const width = slide(input.width, kernel, stride, padding);
    const fanIn = input.channels * kernel * kernel;
    this.#declare(
      `${name}.weight`,
      [channels, input.channels, kernel, kernel],
      kaimingNormal(fanIn),
      { prunable: true, usesPerImage: height * width },
    );
    if (bias) this.#declare(`${name}.bias`, [channels], fanInUniform(fanIn));
    return { height, width, channels };
  }

  normalize(name: string, x: Shape): Shape {
    const { channels } = x as ImageShape;
    this.#declare(`${name}.weight`, [channels], { kind: 'uniform', low: 0, high: 1 });
    this.#declare(`${name}.bias`, [channels], { kind: 'constant', value: 0 });
    return x;
  }

  relu(x: Shape): Shape {
    return x;
  }

  maxPool(x: Shape, { size, stride, padding = 0 }: Parameters<Layers<Shape>['maxPool']>[1]): Shape {
    const { height, width, channels } = x as ImageShape;
    return {
      height: slide(height, size, stride, padding),
      width: slide(width, size, stride, padding),
      channels,
    };
  }

  subsample(x: Shape, { stride, channels }: { stride: number; channels: number }): Shape {
    const { height, width } = x as ImageShape;
    return { height: Math.ceil(height / stride), width: Math.ceil(width / stride), channels };
  }

  globalAveragePool(x: Shape): Shape {
    return { units: (x as ImageShape).channels };
  }

  flatten(x: Shape): Shape {
    const { height, width, channels } = x as ImageShape;
    return { units: height * width * channels };
  }

  linear(
    name: string,
    x: Shape,
    { units, prunable = true }: Parameters<Layers<Shape>['linear']>[2],
  ): Shape {
    const fanIn = (x as Features).units;
    this.#declare(`${name}.weight`, [units, fanIn], kaimingNormal(fanIn), { prunable });
    this.#declare(`${name}.bias`, [units], fanInUniform(fanIn));
    return { units };
  }
}

/**
 * The parameters of an architecture for images of this shape, in order. Initialisation is the authors': weights
 * Kaiming-normal (fan-in, gain √2), normalisation scales U[0, 1) and shifts 0, linear biases U(±1/√fan-in).
 * Throws IMAGES_TOO_SMALL.
 */
export function declareParameters(
  architecture: Architecture,
  input: ImageShape,
  classes: number,
): readonly ParameterSpec[] {
  const declarations = new ParameterDeclarations();
  architecture<Shape>(declarations, input, classes);
  return declarations.parameters;
}
