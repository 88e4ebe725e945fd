import * as tf from '@tensorflow/tfjs-core';
import { initialize } from '@winnow/models';
import { objectiveOn } from '@winnow/objectives';
import * as pluginApi from '@winnow/plugin-api';
import { cts, prepareTicket } from '@winnow/pruners';
import * as tensorBackend from '@winnow/tensor-backend';
import type { Opened } from './opened.ts';
import type { TakenObjective } from './search-api.ts';
import { SOURCE_NAME } from './trouble.ts';

/** What the visitor's module may import; a worker knows no bare names. */
const MODULES: Readonly<Record<string, unknown>> = {
  '@tensorflow/tfjs-core': tf,
  '@winnow/plugin-api': pluginApi,
  '@winnow/tensor-backend': tensorBackend,
};

const TINY_BATCH = 8;
const TRIED_DENSITY = 0.5;
/** Frames of TensorFlow.js lie above the visitor's; Chromium keeps ten unless it is told otherwise. */
Error.stackTraceLimit = 60;

export interface CompiledObjective {
  readonly objective: pluginApi.Objective;
  readonly taken: TakenObjective;
}

function refuse(sentence: string, hint: string, cause?: unknown): pluginApi.WinnowError {
  return new pluginApi.WinnowError('BAD_OBJECTIVE', sentence, { hint, cause });
}

function imported(name: string): unknown {
  if (name in MODULES) return MODULES[name];
  throw refuse(
    `There is no "${name}" on this page.`,
    `An objective may import ${Object.keys(MODULES).join(', ')}.`,
  );
}

interface Exported {
  readonly exported: string;
  readonly objective: pluginApi.Objective;
}

const isObjective = (value: unknown): value is pluginApi.Objective =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'objective';

/** Runs a CommonJS module, and gives the one objective that it exports. */
function exportedObjective(javascript: string): Exported {
  const exports: Record<string, unknown> = {};
  // The visitor's own code, in a worker of their own page.
  // oxlint-disable-next-line typescript/no-implied-eval
  const module = new Function('require', 'exports', `${javascript}\n//# sourceURL=${SOURCE_NAME}`);
  (module as (require: typeof imported, exports: object) => void)(imported, exports);
  const found = Object.entries(exports).flatMap(([exported, objective]) =>
    isObjective(objective) ? [{ exported, objective }] : [],
  );
  if (found.length === 1) return found[0]!;
  throw refuse(
    `The text exports ${found.length === 0 ? 'no objective' : `${found.length} objectives`}.`,
    'Export what defineObjective gives: export const mine = defineObjective({ … });',
  );
}

/** On two classes of one image, as `valueOnLogits` of @winnow/testing has it. */
function valueOnLogits(objective: pluginApi.Objective): number | undefined {
  const network: pluginApi.Network = {
    name: 'given logits',
    input: { height: 1, width: 1, channels: 1 },
    classes: 2,
    parameters: [],
    forward: (_, __, { mask } = {}) => tf.tensor2d(mask ? [[1, 0]] : [[0, 2]]),
  };
  try {
    return tf.tidy(() => {
      const batch = {
        images: tf.zeros<tf.Rank.R4>([1, 1, 1, 1]),
        labels: tf.tensor1d([0], 'int32'),
      };
      const evaluate = objectiveOn({ network, parameters: {}, batch });
      return evaluate(objective, {}).value.dataSync()[0];
    });
  } catch {
    // It looks at more than logits.
    return undefined;
  }
}

/**
 * Compiles the visitor's objective and takes a step with it on a tiny batch. Throws BAD_OBJECTIVE, UNSUPPORTED_MODEL,
 * NO_GRADIENT, LOSS_NOT_FINITE, and what its code throws.
 */
export async function compiledObjective(
  javascript: string,
  { network, images }: Opened,
): Promise<CompiledObjective> {
  const { exported, objective } = exportedObjective(javascript);
  const random = tensorBackend.randomStreams(1);
  const parameters = initialize(network, random('initialisation'));
  const before = tf.memory().numTensors;
  try {
    await prepareTicket(cts, {
      ...{ network, dataset: images, density: TRIED_DENSITY, batchSize: TINY_BATCH },
      ...{ objective, options: {}, trial: { parameters, random } },
    });
    if (tf.memory().numTensors > before) {
      throw refuse(
        `${tf.memory().numTensors - before} tensors are left over after one step.`,
        'What evaluate() keeps, with tf.keep say, would fill the memory.',
      );
    }
  } finally {
    tf.dispose(parameters);
  }
  const onLogits = valueOnLogits(objective);
  const { name, summary } = objective;
  const taken = { name, summary, exported, ...(onLogits !== undefined && { onLogits }) };
  return { objective, taken };
}
