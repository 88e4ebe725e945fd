import type * as tf from '@tensorflow/tfjs-core';

declare const scalar: unique symbol;

/** A number where the backend computes: on the host it is known, on a device it is on its way. */
export interface Scalar {
  readonly [scalar]: true;
}

/** What a step found, for when it is wanted. */
export interface Reading<T> {
  /** Whether it is there, with nothing to wait for. */
  readonly known: boolean;
  /** Once it is there; one of `now`, `later` and `drop` is asked, and once. */
  later(): Promise<T>;
  /** Waits for the device. */
  now(): T;
  /** Nobody wants it any more. */
  drop(): void;
}

/** A reading of what `map` makes of it. */
export function readingOf<A, B>(reading: Reading<A>, map: (found: A) => B): Reading<B> {
  return {
    known: reading.known,
    later: async () => map(await reading.later()),
    now: () => map(reading.now()),
    drop: () => reading.drop(),
  };
}

/** Arithmetic that does not wait for its numbers. Call it within a `tf.tidy`. */
export interface Scalars {
  readonly of: (value: number) => Scalar;
  /** That of a tensor of one number. */
  readonly from: (tensor: tf.Tensor) => Scalar;
  readonly plus: (a: Scalar, b: Scalar) => Scalar;
  readonly times: (a: Scalar, b: Scalar) => Scalar;
  readonly over: (a: Scalar, b: Scalar) => Scalar;
  readonly least: (a: Scalar, b: Scalar) => Scalar;
  readonly root: (a: Scalar) => Scalar;
  /** `then` where the number is positive, else `otherwise`. */
  readonly whereAbove0: (a: Scalar, then: Scalar, otherwise: Scalar) => Scalar;
  /** It beyond the `tf.tidy`, in place of one that was kept before. */
  readonly keep: (a: Scalar, before: Scalar | undefined) => Scalar;
  /** Ends what `keep` kept. */
  readonly drop: (kept: Scalar) => void;
  /** All of them at once. */
  readonly read: (scalars: readonly Scalar[]) => Reading<number[]>;
}

/** What a scalar of the host is. */
export const numberOf = (x: Scalar) => x as unknown as number;
const scalarOf = (x: number) => x as unknown as Scalar;

/** Numbers in float64. */
export const hostScalars: Scalars = {
  of: scalarOf,
  from: (tensor) => scalarOf(tensor.dataSync()[0]!),
  plus: (a, b) => scalarOf(numberOf(a) + numberOf(b)),
  times: (a, b) => scalarOf(numberOf(a) * numberOf(b)),
  over: (a, b) => scalarOf(numberOf(a) / numberOf(b)),
  least: (a, b) => scalarOf(Math.min(numberOf(a), numberOf(b))),
  root: (a) => scalarOf(Math.sqrt(numberOf(a))),
  whereAbove0: (a, then, otherwise) => (numberOf(a) > 0 ? then : otherwise),
  keep: (a) => a,
  drop: () => {},
  read: (scalars) => {
    const numbers = scalars.map(numberOf);
    return {
      known: true,
      now: () => numbers,
      later: () => Promise.resolve(numbers),
      drop: () => {},
    };
  },
};
