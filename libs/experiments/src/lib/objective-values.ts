import * as tf from '@tensorflow/tfjs-core';
import { expectedTensors } from '@winnow/files';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import { toTensors } from '@winnow/models';
import { ObjectivePrograms, differentiateObjective, objectiveOn } from '@winnow/objectives';
import {
  type ComponentRegistry,
  type GivenOptions,
  type NamedTensors,
  type Network,
  WinnowError,
  ofPlugin,
  prunableOf,
} from '@winnow/plugin-api';
import { assertFits } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import { type SkippedObjective, applicableObjectives } from './applicable-objectives.ts';
import { type OneBatchRequest, heldOutBatch, networkOnOneBatch } from './network-on-one-batch.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';
import { OptionPool } from './option-pool.ts';

export interface ObjectiveRequest extends OneBatchRequest {
  readonly mask?: string | undefined;
  /** All that go with the network when left out. */
  readonly objectives?: readonly string[] | undefined;
  readonly gradientOut?: string | undefined;
  /** Each objective, the model and the data set take those that they have. */
  readonly options: GivenOptions;
}

export interface ObjectivesOnOneBatch {
  /** By objective; null where it is not finite. */
  readonly values: Readonly<Record<string, number | null>>;
  /** Those that do not go with the network, where none were named. */
  readonly skipped: readonly SkippedObjective[];
  /** Images. */
  readonly batch: number;
  /** Of the mask. */
  readonly density: number;
}

/** A ticket, what `winnow score` wrote, or any file of masks by parameter name, which may be relaxed. */
async function readMask(path: string, network: Network): Promise<NamedTensors> {
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata['format'] === 'winnow-ticket') {
    const ticket = await readTicket(path);
    assertFits(ticket, network);
    return Object.fromEntries(
      [...ticket.layers].map(([name, { shape, kept }]) => [
        name,
        tf.tensor(Float32Array.from(kept), [...shape]),
      ]),
    );
  }
  const prunable = prunableOf(network);
  // Beside scores, which have the parameters' own names.
  const masks = [...tensors.keys()].filter((name) => name.startsWith('mask.'));
  const own = new Set(network.parameters.map(({ name }) => `mask.${name}`));
  const stray = masks.find((name) => !own.has(name));
  if (stray !== undefined) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      `${path} holds "${stray}", and ${network.name}${ofPlugin(network)} has no such parameter.`,
      { hint: 'Choose the model and the options that the mask was made for.' },
    );
  }
  const prefix = masks.length > 0 ? 'mask.' : '';
  const expected = prunable.map(({ name, shape }) => ({ name: prefix + name, shape }));
  const mask = toTensors(expectedTensors({ tensors }, expected, path));
  for (const [name, values] of Object.entries(mask)) {
    if (!values.dataSync().every((m) => m >= 0 && m <= 1)) {
      throw new WinnowError('BAD_MASK', `"${name}" in ${path} has values outside [0, 1].`, {
        hint: 'Give a mask, not weights or logits.',
      });
    }
  }
  return Object.fromEntries(
    Object.entries(mask).map(([name, values]) => [name.slice(prefix.length), values]),
  );
}

/**
 * The value of objectives for a network under a mask, on all training images of a data set as one batch; writes
 * ∂R/∂mask where a file is named for it. An objective that is not finite here is null: `gradient-match`, say, where a
 * layer keeps nothing. Throws LOSS_NOT_FINITE where none is finite.
 */
export async function objectiveValues(
  request: ObjectiveRequest,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<ObjectivesOnOneBatch> {
  const names = [...new Set(request.objectives ?? registry.names('objective'))];
  const pool = new OptionPool(request.options);
  const chosen = names.map((name) => pool.objective(registry, name));
  const one = await networkOnOneBatch(request, pool, registry, open);
  const { network, prunable, batch } = one;
  const named = request.objectives !== undefined;
  const { objectives, skipped } = await applicableObjectives(chosen, named, one);
  const heldOut = await heldOutBatch(one.dataset, objectives);
  const mask = request.mask === undefined ? undefined : await readMask(request.mask, network);
  const packed = mask ? prunable.pack(mask) : new Float32Array(prunable.size).fill(1);

  const programs = ObjectivePrograms.of(network, one.parameters, objectives);
  const values: Record<string, number | null> = {};
  const gradients: [string, { shape: readonly number[]; data: Float32Array }][] = [];
  try {
    for (const objective of objectives) {
      const by = programs?.for(objective);
      const value = tf.tidy(() => {
        // Where one batch is all there is, it is the next one too.
        const evaluate = objectiveOn({ ...one, heldOut, next: batch, denseLogits: by?.dense });
        const under = (m: tf.Tensor1D) =>
          evaluate(objective, prunable.unpack(m), by?.sparse(tf.mul(m, by.weights)));
        const m = tf.tensor1d(packed.slice());
        if (request.gradientOut === undefined) return under(m).value.dataSync()[0]!;
        const result = differentiateObjective(objective, network, under, m);
        for (const [name, view] of prunable.views(result.gradient.dataSync<'float32'>().slice())) {
          gradients.push([`${objective.name}.${name}`, view]);
        }
        return result.value;
      });
      values[objective.name] = Number.isFinite(value) ? value : null;
    }
  } finally {
    programs?.dispose();
  }
  if (Object.values(values).every((value) => value === null)) {
    throw new WinnowError(
      'LOSS_NOT_FINITE',
      `Not finite on ${network.name}${ofPlugin(network)} with these weights and this mask: ${objectives.map((o) => o.name + ofPlugin(o)).join(', ')}.`,
      { hint: `Look for NaN in ${request.weights}, and for a layer without weights in the mask.` },
    );
  }
  if (request.gradientOut !== undefined) await writeSafetensors(request.gradientOut, gradients);
  const density = packed.reduce((sum, m) => sum + m, 0) / prunable.size;
  return { values, skipped, batch: batch.labels.size, density };
}
