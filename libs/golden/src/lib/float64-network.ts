import type { GraphLayer, GraphValue, ImageShape, NetworkGraph } from '@winnow/plugin-api';
import { type Activation, activationOf } from './float64-activations.ts';
import { type Moved, type Pairs, asImage, movedOf, pixelsOf } from './float64-pairs.ts';

type Layer<O extends GraphLayer['op']> = Extract<GraphLayer, { readonly op: O }>;
type Numbers = ArrayLike<number>;

export interface Float64Request {
  readonly input: ImageShape;
  readonly graph: NetworkGraph;
  /** A weight that is 0 counts as removed. */
  readonly parameters: ReadonlyMap<string, Numbers>;
  /** [batch, height, width, channels] */
  readonly images: Numbers;
  readonly batch: number;
  /** By which it normalises, as `ForwardOptions` names them; else by those of the batch. */
  readonly statistics?: ReadonlyMap<string, Numbers>;
}

/** What a network makes of a batch. */
export interface Float64Pass {
  /** [batch, classes] */
  readonly logits: Float64Array;
  /**
   * How near a value came to where a ReLU, or a max-pooling, decides otherwise: who computes in float32, and is off by less,
   * has the same gradients. Values that are 0 to the last bit, and those that are equal, count for nothing.
   */
  readonly margin: number;
  /** What flows through it, of all images. */
  value(of: GraphValue): Float64Array;
  /**
   * Of Σ dlogits · logits, and of the same sum over each other value in `slopes`, by each parameter; 0 for weights that are
   * removed.
   */
  gradients(dlogits: Numbers, slopes?: ReadonlyMap<GraphValue, Numbers>): Map<string, Float64Array>;
}

/** Takes the gradient of a layer's output on to those of its inputs and parameters. */
type Back = (dy: Float64Array) => void;

const NO_WINDOW = { kernel: [1, 1], stride: 1, padding: { top: 0, left: 0 } } as const;

const sizeOf = ({ height, width, channels }: ImageShape) => height * width * channels;

/** Layer after layer over images [n, height, width, channels], in plain loops. */
class Pass implements Float64Pass {
  margin = Infinity;
  readonly #request: Float64Request;
  /** By value: its shape, its numbers and their gradient. */
  readonly #shapes: readonly ImageShape[];
  readonly #values: Float64Array[];
  readonly #slopes: Float64Array[] = [];
  readonly #backs: Back[] = [];
  readonly #gradients = new Map<string, Float64Array>();

  constructor(request: Float64Request) {
    const { input, graph, images } = request;
    this.#request = request;
    this.#shapes = [input, ...graph.layers.map(({ shape }) => asImage(shape))];
    this.#values = [Float64Array.from(images)];
    for (const layer of graph.layers) this.#compute(layer);
  }

  get logits(): Float64Array {
    return this.value(this.#request.graph.logits);
  }

  value(of: GraphValue): Float64Array {
    return this.#values[of]!;
  }

  gradients(
    dlogits: Numbers,
    slopes: ReadonlyMap<GraphValue, Numbers> = new Map(),
  ): Map<string, Float64Array> {
    for (const [i, { length }] of this.#values.entries())
      this.#slopes[i] = new Float64Array(length);
    for (const [name, { length }] of this.#request.parameters)
      this.#gradients.set(name, new Float64Array(length));
    for (const [value, slope] of [...slopes, [this.#request.graph.logits, dlogits] as const])
      this.#slopes[value]!.set(Float64Array.from(slope));
    for (let i = this.#backs.length - 1; i >= 0; i--) this.#backs[i]!(this.#slopes[i + 1]!);
    return new Map(this.#gradients);
  }

  #parameter(name: string): Numbers {
    return this.#request.parameters.get(name)!;
  }

  #compute(layer: GraphLayer): void {
    switch (layer.op) {
      case 'conv':
      case 'linear':
        return this.#products(layer);
      case 'normalize':
        return this.#normalize(layer);
      case 'relu':
        return this.#push(
          ...this.#rectified(this.#values[layer.x]!, (d) => this.#pass(layer.x, d)),
        );
      case 'leaky-relu':
      case 'relu6':
      case 'gelu':
      case 'tanh':
      case 'sigmoid':
      case 'elu':
      case 'silu':
      case 'affine':
        return this.#activate(layer.x, activationOf(layer));
      case 'add': {
        const [x, y] = [this.#values[layer.x]!, this.#values[layer.y]!];
        return this.#push(
          x.map((v, i) => v + y[i]!),
          (d) => {
            this.#pass(layer.x, d);
            this.#pass(layer.y, d);
          },
        );
      }
      case 'multiply':
        return this.#multiply(layer);
      case 'max-pool':
        return this.#maxima(layer);
      case 'concat':
      case 'average-pool':
      case 'subsample':
      case 'global-average-pool':
      case 'flatten':
      case 'pad':
      case 'reshape':
        return this.#move(layer, movedOf(layer, this.#shapes));
    }
  }

  #push(y: Float64Array, back: Back): void {
    this.#values.push(y);
    this.#backs.push(back);
  }

  #pass(to: GraphValue, d: Float64Array): void {
    const slope = this.#slopes[to]!;
    for (let i = 0; i < slope.length; i++) slope[i]! += d[i]!;
  }

  #outputOf(layer: GraphLayer): Float64Array {
    return new Float64Array(this.#request.batch * sizeOf(asImage(layer.shape)));
  }

  #rectified(x: Float64Array, back: Back): [y: Float64Array, back: Back] {
    for (const v of x) if (v !== 0) this.margin = Math.min(this.margin, Math.abs(v));
    return [x.map((v) => Math.max(v, 0)), (d) => back(d.map((v, i) => (x[i]! > 0 ? v : 0)))];
  }

  /** Adds up, for every image, y += factor · x over pairs. */
  #accumulate(pairs: Pairs, factor: number, x: Float64Array, y: Float64Array): void {
    const { batch } = this.#request;
    const [xs, ys] = [x.length / batch, y.length / batch];
    pairs((from, to) => {
      for (let n = 0; n < batch; n++) y[n * ys + to]! += factor * x[n * xs + from]!;
    });
  }

  #pixels(
    layer: Layer<'conv' | 'max-pool' | 'linear'>,
    at: readonly [number, number],
    use: (from: number, to: number) => void,
  ): void {
    const windows = layer.op === 'linear' ? NO_WINDOW : layer;
    pixelsOf(windows, this.#shapes[layer.x]!, asImage(layer.shape), at, use);
  }

  #products(layer: Layer<'conv' | 'linear'>): void {
    const { batch } = this.#request;
    const x = this.#values[layer.x]!;
    const y = this.#outputOf(layer);
    const weights = this.#parameter(`${layer.name}.weight`);
    const [height, width] = layer.op === 'linear' ? NO_WINDOW.kernel : layer.kernel;
    const [all, outputs] = [this.#shapes[layer.x]!.channels, asImage(layer.shape).channels];
    const groups = layer.op === 'linear' ? 1 : (layer.groups ?? 1);
    const inputs = all / groups;
    const pairsOf =
      (w: number): Pairs =>
      (use) => {
        const [k, l] = [Math.floor(w / width) % height, w % width];
        const o = Math.floor(w / (height * width * inputs));
        const group = Math.floor((o * groups) / outputs);
        const i = group * inputs + (Math.floor(w / (height * width)) % inputs);
        this.#pixels(layer, [k, l], (from, to) => use(from * all + i, to * outputs + o));
      };
    for (let w = 0; w < weights.length; w++)
      if (weights[w] !== 0) this.#accumulate(pairsOf(w), weights[w]!, x, y);
    const bias = layer.bias ? this.#parameter(`${layer.name}.bias`) : undefined;
    if (bias) for (let i = 0; i < y.length; i++) y[i]! += bias[i % outputs]!;
    this.#push(y, (dy) => {
      const dweights = this.#gradients.get(`${layer.name}.weight`)!;
      const [xs, ys] = [x.length / batch, y.length / batch];
      for (let w = 0; w < weights.length; w++) {
        if (weights[w] === 0) continue;
        pairsOf(w)((from, to) => {
          for (let n = 0; n < batch; n++) dweights[w]! += x[n * xs + from]! * dy[n * ys + to]!;
        });
        this.#accumulate(
          (use) => pairsOf(w)((from, to) => use(to, from)),
          weights[w]!,
          dy,
          this.#slopes[layer.x]!,
        );
      }
      if (!bias) return;
      const dbias = this.#gradients.get(`${layer.name}.bias`)!;
      for (let i = 0; i < dy.length; i++) dbias[i % outputs]! += dy[i]!;
    });
  }

  #normalize(layer: Layer<'normalize'>): void {
    const { x: input, name, epsilon, residual, relu, shape } = layer;
    const { statistics } = this.#request;
    const x = this.#values[input]!;
    const { channels } = asImage(shape);
    const n = x.length / channels;
    const none = new Float64Array(channels);
    const scale = layer.scale === false ? none.map(() => 1) : this.#parameter(`${name}.weight`);
    const shift = layer.shift === false ? none : this.#parameter(`${name}.bias`);
    const sums = (of: (i: number, c: number) => number) => {
      const sum = new Float64Array(channels);
      for (let i = 0; i < x.length; i++) sum[i % channels]! += of(i, i % channels);
      return sum;
    };
    const fixed = ['mean', 'var'].map((of) => statistics?.get(`${name}.running_${of}`));
    const mean = fixed[0] ?? sums((i) => x[i]!).map((v) => v / n);
    const variance = fixed[1] ?? sums((i, c) => (x[i]! - mean[c]!) ** 2).map((v) => v / n);
    // Those of the batch move with each of its numbers.
    const [meanMoves, varianceMoves] = fixed.map((one) => (one ? 0 : 1 / n));
    const inverse = Float64Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon));
    const normal = x.map((v, i) => (v - mean[i % channels]!) * inverse[i % channels]!);
    const added = residual === undefined ? undefined : this.#values[residual]!;
    const y = normal.map(
      (v, i) => v * scale[i % channels]! + shift[i % channels]! + (added?.[i] ?? 0),
    );
    const back: Back = (d) => {
      if (residual !== undefined) this.#pass(residual, d);
      const dshift = sums((i) => d[i]!);
      const dscale = sums((i) => d[i]! * normal[i]!);
      this.#gradients.get(`${name}.bias`)?.forEach((_, c, sum) => (sum[c]! += dshift[c]!));
      this.#gradients.get(`${name}.weight`)?.forEach((_, c, sum) => (sum[c]! += dscale[c]!));
      const slope = this.#slopes[input]!;
      for (let i = 0; i < d.length; i++) {
        const c = i % channels;
        const moved = dshift[c]! * meanMoves! + normal[i]! * dscale[c]! * varianceMoves!;
        slope[i]! += scale[c]! * inverse[c]! * (d[i]! - moved);
      }
    };
    if (relu) this.#push(...this.#rectified(y, back));
    else this.#push(y, back);
  }

  #activate(x: GraphValue, { value, slope, margin }: Activation): void {
    const values = this.#values[x]!;
    for (const v of values) if (v !== 0) this.margin = Math.min(this.margin, margin(v));
    this.#push(values.map(value), (dy) =>
      this.#pass(
        x,
        dy.map((d, i) => d * slope(values[i]!)),
      ),
    );
  }

  #multiply(layer: Layer<'multiply'>): void {
    const [x, y] = [this.#values[layer.x]!, this.#values[layer.y]!];
    const { channels } = this.#shapes[layer.y]!;
    const each = x.length / this.#request.batch;
    /** Of `y`, which may be one pixel for all of an image's. */
    const other = (i: number) =>
      y.length === x.length ? i : Math.floor(i / each) * channels + (i % channels);
    this.#push(
      x.map((v, i) => v * y[other(i)]!),
      (d) => {
        this.#pass(
          layer.x,
          d.map((v, i) => v * y[other(i)]!),
        );
        for (const [i, v] of d.entries()) this.#slopes[layer.y]![other(i)]! += v * x[i]!;
      },
    );
  }

  /** Adds up factor · x over pairs of the places of each input with those of the output. */
  #move(layer: GraphLayer, inputs: readonly Moved[]): void {
    const y = this.#outputOf(layer);
    for (const { x, pairs, factor } of inputs) this.#accumulate(pairs, factor, this.#values[x]!, y);
    this.#push(y, (dy) => {
      for (const { x, pairs, factor } of inputs)
        this.#accumulate((use) => pairs((from, to) => use(to, from)), factor, dy, this.#slopes[x]!);
    });
  }

  #maxima(layer: Layer<'max-pool'>): void {
    const { batch } = this.#request;
    const { channels } = asImage(layer.shape);
    const x = this.#values[layer.x]!;
    const y = this.#outputOf(layer).fill(-Infinity);
    const second = y.slice();
    const places = new Int32Array(y.length);
    const [xs, ys] = [x.length / batch, y.length / batch];
    for (let k = 0; k < layer.kernel[0]; k++)
      for (let l = 0; l < layer.kernel[1]; l++)
        this.#pixels(layer, [k, l], (from, to) => {
          for (let n = 0; n < batch; n++)
            for (let c = 0; c < channels; c++) {
              const [at, place] = [n * ys + to * channels + c, n * xs + from * channels + c];
              const v = x[place]!;
              if (v > y[at]!) [second[at], y[at], places[at]] = [y[at]!, v, place];
              else if (v < y[at]! && v > second[at]!) second[at] = v;
            }
        });
    for (const [i, v] of y.entries()) this.margin = Math.min(this.margin, v - second[i]!);
    this.#push(y, (dy) => {
      for (const [i, place] of places.entries()) this.#slopes[layer.x]![place]! += dy[i]!;
    });
  }
}

/** A network in float64, written for nothing but to be read: what faster ones are compared with. */
export function inFloat64(request: Float64Request): Float64Pass {
  return new Pass(request);
}
