import type { Dtype } from '@winnow/files';
import { Made, Named, Outside } from './pickled.ts';
import { DAMAGED, SAVE_STATE_DICT, Unfit, saveBy, shortened } from './unfit.ts';

/** Where a tensor's values lie: `strides` and `offset` count values of its storage, of which there are `stored`. */
export interface DescribedTensor {
  readonly dtype: Dtype;
  /** The storage's name in the file. */
  readonly key: string;
  readonly stored: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const DTYPES: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const TENSOR = ['_rebuild_tensor_v2', '_rebuild_tensor'];
/** Around a tensor, which is their first argument. */
const PARAMETER = ['_rebuild_parameter', '_rebuild_parameter_with_state'];
/** Of types that have no storage class: its seventh argument is the type. */
const TYPED_TENSOR = '_rebuild_tensor_v3';
const REFUSED: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  _rebuild_qtensor: ['a quantised tensor', saveBy('dequantize')],
  _rebuild_sparse_tensor: ['a sparse tensor', saveBy('to_dense')],
  _rebuild_meta_tensor_no_storage: [
    'a tensor on the device meta, which has no values',
    `Load or make its values first. ${SAVE_STATE_DICT}`,
  ],
};

const MOST_DIMENSIONS = 64;

/** The function that makes a tensor of something, and its arguments; undefined where it is no tensor. */
function rebuilt(value: unknown): { by: string; args: readonly unknown[] } | undefined {
  if (!(value instanceof Made && value.by instanceof Named && Array.isArray(value.args))) return;
  const { module, name } = value.by;
  const isTensor = /^torch\._(utils|tensor)$/.test(module) && name.startsWith('_rebuild_');
  return isTensor ? { by: name, args: value.args } : undefined;
}

function withinParameter(value: unknown): ReturnType<typeof rebuilt> {
  const outer = rebuilt(value);
  return outer && PARAMETER.includes(outer.by) ? rebuilt(outer.args[0]) : outer;
}

/** How many dimensions something has as a tensor, one that cannot be read too, of which it is not known: then Infinity. */
export function dimensionsOf(value: unknown): number | undefined {
  const tensor = withinParameter(value);
  if (!tensor) return undefined;
  const shape = TENSOR.includes(tensor.by) ? tensor.args[2] : undefined;
  return Array.isArray(shape) ? shape.length : Infinity;
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_DIMENSIONS && value.every(isCount);

/** A tensor by what a pickle says of it. Throws Unfit where it is none that is read here. */
export function describedTensor(value: unknown, tensorName: string): DescribedTensor {
  const name = `"${shortened(tensorName)}"`;
  const { by, args } = withinParameter(value)!;
  const refusal = Object.hasOwn(REFUSED, by) ? REFUSED[by] : undefined;
  if (refusal) throw new Unfit(`holds ${name} as ${refusal[0]}`, refusal[1]);
  const ofType = (type: string) =>
    new Unfit(`holds ${name} as ${shortened(type)}, which is not read here`, saveBy('float'));
  if (by === TYPED_TENSOR) throw ofType(String(args[6] instanceof Named ? args[6].name : by));
  if (!TENSOR.includes(by)) {
    const kind = `a tensor that ${shortened(by)} would have to make`;
    throw new Unfit(`holds ${name} as ${kind}`, `${SAVE_STATE_DICT} Its tensors are plain.`);
  }
  const [storage, offset, shape, strides, , , views] = args;
  const [word, type, key, , stored] =
    storage instanceof Outside && Array.isArray(storage.id) ? (storage.id as unknown[]) : [];
  if (word !== 'storage' || !(type instanceof Named) || typeof key !== 'string' || !isCount(stored))
    throw new Unfit(`does not say where the values of ${name} are`, DAMAGED);
  if (!Object.hasOwn(DTYPES, type.name)) throw ofType(type.name.replace(/Storage$/, ''));
  if (views instanceof Map && [...views.values()].includes(true)) {
    throw new Unfit(`holds ${name} as a view that is still to be negated`, saveBy('resolve_neg'));
  }
  if (
    !isCount(offset) ||
    !areCounts(shape) ||
    !areCounts(strides) ||
    shape.length !== strides.length
  )
    throw new Unfit(`has no shape and strides for ${name}`, DAMAGED);
  const last = shape.reduce((at, size, i) => at + (size - 1) * strides[i]!, offset);
  if (!shape.includes(0) && !(last < stored)) {
    throw new Unfit(`has ${name} reach to value ${last} of a storage of ${stored}`, DAMAGED);
  }
  return { dtype: DTYPES[type.name]!, key, stored, offset, shape, strides };
}
