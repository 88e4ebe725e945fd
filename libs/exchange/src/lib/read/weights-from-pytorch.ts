import {
  type FloatTensor,
  type HostTensor,
  type Safetensors,
  expectedTensors,
} from '@winnow/files';
import { type Network, WinnowError } from '@winnow/plugin-api';
import { apartFromMasks } from './apart-from-masks.ts';
import { ourNames } from './pytorch-names.ts';

/** What was read, and what was done to it to fit. */
export interface ImportedWeights {
  /** The network's parameters, in its order. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** How many tensors had which other name, as one example, if any had. */
  readonly renamed?: {
    readonly count: number;
    readonly example: readonly [theirs: string, ours: string];
  };
  /** How many tensors were of which other type than float32. */
  readonly converted: Readonly<Record<string, number>>;
  /** Running statistics and counters, which training by batch statistics has no use for. */
  readonly leftOut: number;
  /** How many masks of `torch.nn.utils.prune` were left out: the weights are as they are below them. */
  readonly masks: number;
}

const { isFinite } = Number; // looked up for each weight, it would take most of the time
const FLOATS = ['F32', 'F64', 'F16', 'BF16'];
const STATISTIC = /\.(running_mean|running_var|num_batches_tracked)$/;

/**
 * A network's parameters out of a PyTorch file: with its names, or behind the prefixes of DataParallel and the like, or
 * with torchvision's names of its ResNets, pruned there or not. `source` is named in errors. Throws WEIGHTS_MISMATCH where a tensor is absent,
 * misshapen or one that the network has not, and BAD_WEIGHTS where one is not of floating point or not finite in float32.
 */
export function weightsFromPytorch(
  file: Pick<Safetensors, 'tensors' | 'dtypes'>,
  { name: model, parameters }: Pick<Network, 'name' | 'parameters'>,
  source: string,
): ImportedWeights {
  const { tensors, dtypes, masks } = apartFromMasks(file);
  const known = new Set(parameters.map(({ name }) => name));
  const first = [...known].slice(0, 3).join(', ');
  const names = ourNames([...dtypes.keys()], known);
  const found = new Map<string, HostTensor>();
  const converted: Record<string, number> = {};
  const renamed: [string, string][] = [];
  let leftOut = 0;
  const fail = (code: string, problem: string, hint: string): never => {
    throw new WinnowError(code, `"${problem}`, { hint });
  };
  for (const [theirs, ours] of names) {
    if (STATISTIC.test(ours)) {
      leftOut++;
      continue;
    }
    if (!known.has(ours)) {
      fail(
        'WEIGHTS_MISMATCH',
        `${theirs}" in ${source} is no parameter of ${model}.`,
        `Choose the model and the options that the file was made with, or rename its tensors as those of ${model}: ${first}${known.size > 3 ? ', …' : ''}`,
      );
    }
    if (found.has(ours)) {
      fail('WEIGHTS_MISMATCH', `${ours}" is in ${source} twice.`, 'Leave one of them out.');
    }
    const dtype = dtypes.get(theirs)!;
    if (!FLOATS.includes(dtype)) {
      fail(
        'BAD_WEIGHTS',
        `${theirs}" in ${source} has dtype ${dtype}.`,
        'Weights are of floating point.',
      );
    }
    if (dtype !== 'F32') converted[dtype] = (converted[dtype] ?? 0) + 1;
    if (theirs !== ours) renamed.push([theirs, ours]);
    found.set(ours, tensors.get(theirs)!);
  }
  const weights = expectedTensors({ tensors: found }, parameters, source);
  for (const [name, { data }] of weights) {
    let i = 0;
    while (i < data.length && isFinite(data[i])) i++;
    const wrong = data[i];
    if (wrong !== undefined)
      fail('BAD_WEIGHTS', `${name}" in ${source} holds ${wrong} in float32.`, 'Train it again.');
  }
  const example = renamed[0];
  return {
    tensors: weights,
    ...(example ? { renamed: { count: renamed.length, example } } : {}),
    converted,
    leftOut,
    masks: masks.size,
  };
}
