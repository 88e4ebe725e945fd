/** A block of the engine's memory; a stale one makes any call throw. */
export type Handle = number;

/** Kinds of arguments, by the addon's names for them, and their types here. A `?` may be undefined. */
interface Kinds {
  tensor: Handle;
  'tensor?': Handle | undefined;
  integer: number;
  number: number;
  flag: boolean;
  Int32Array: Int32Array;
  Uint32Array: Uint32Array;
  Float32Array: Float32Array;
  Float64Array: Float64Array;
  Uint8Array: Uint8Array;
  'Uint8Array?': Uint8Array | undefined;
  /** The engine's enums, whose values the addon names; see `Choices`. */
  Unary: string;
  Binary: string;
  Comparison: string;
  Reduction: string;
  GatherKind: 'Max' | 'Average' | 'Subsample' | 'Flatten';
  Adjustment: 'None' | 'Shift' | 'Normalize';
  Rectifier: 'None' | 'Relu' | 'Relu6';
  Type: 'Float32' | 'Int32' | 'Bool';
}

/** Arguments of one of the engine's calls by name, and whether it `returns` a number. */
export type Signature = Readonly<Record<string, keyof Kinds>>;
export type Signatures = Readonly<Record<string, Signature>>;

/** The function that a signature describes, with named arguments. */
export type Call<S extends Signature> = (given: {
  readonly [N in Exclude<keyof S, 'returns'>]: Kinds[S[N]];
}) => S extends { readonly returns: 'number' } ? number : void;

/** Names of an enum's values. */
export type Choices = Readonly<
  Record<'Unary' | 'Binary' | 'Comparison' | 'Reduction', readonly string[]>
>;
