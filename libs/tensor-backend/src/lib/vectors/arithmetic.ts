import type { AdamRates, SgdRates } from './vector.ts';

/** See `SgdRates`. */
interface HostSgdRates extends Omit<SgdRates, 'mask' | 'factor'> {
  readonly mask: Uint8Array | undefined;
  readonly factor: number;
}

/** Arithmetic on arrays of all parameters on the host, with sums in float64; what each does is told in `Vectors`. */
export interface Arithmetic {
  sgd(
    arrays: {
      readonly parameters: Float32Array;
      readonly gradient: Float32Array;
      readonly velocity: Float32Array;
    },
    rates: HostSgdRates,
  ): void;
  adam(
    arrays: {
      readonly values: Float32Array;
      readonly mean: Float32Array;
      readonly variance: Float32Array;
      readonly direction: Float64Array;
    },
    rates: AdamRates,
  ): void;
  squares(x: Float32Array, mask?: Uint8Array): number;
  squares(x: Float64Array): number;
  combine(
    direction: Float64Array,
    weight: number,
    gradient: Float32Array,
    gradientWeight: number,
  ): void;
  expectedCount(logits: Float32Array, scale: number, direction: Float64Array): number;
  uniforms(draws: Float32Array, key0: number, key1: number, first: number, high: number): void;
}
