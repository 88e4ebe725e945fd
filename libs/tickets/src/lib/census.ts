import type { ParameterSpec, TicketData } from '@winnow/plugin-api';
import { assertFits } from './fits-network.ts';

/** Multiply-adds for one image. */
export interface MultiplyAdds {
  readonly dense: number;
  /** Spent on kept weights alone: uses per image × kept. */
  readonly kept: number;
}

/** What it takes to store the masked weights in float32. Row starts and headers are left out. */
export interface StoredBytes {
  /** Every weight: 4 bytes. */
  readonly dense: number;
  /** As compressed sparse rows: 4 bytes of value and 4 of index a kept weight. */
  readonly sparse: number;
  /** One bit a weight, rounded up to bytes in each layer, and 4 bytes a kept weight. */
  readonly bitmask: number;
}

export interface LayerCensus {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly kept: number;
  readonly density: number;
  /** No weight is kept, so nothing passes through. */
  readonly collapsed: boolean;
  /** Length of the outputs' axis, and how many of its rows keep no weight: dead channels. */
  readonly outputs: number;
  readonly deadOutputs: number;
  /** Inputs, of all groups together, and how many of them keep no weight: nothing reads those. */
  readonly inputs: number;
  readonly unusedInputs: number;
  readonly multiplyAdds: MultiplyAdds;
}

/** What a ticket saves. Everything counts masked weights alone, not biases, normalisation or an unpruned head. */
export interface Census {
  /** In the network's order. */
  readonly layers: readonly LayerCensus[];
  readonly size: number;
  readonly kept: number;
  readonly density: number;
  readonly collapsedLayers: number;
  readonly deadOutputs: number;
  readonly unusedInputs: number;
  readonly multiplyAdds: MultiplyAdds;
  readonly bytes: StoredBytes;
}

/** Throws TICKET_MISMATCH where the ticket is for other parameters. */
export function takeCensus(ticket: TicketData, parameters: readonly ParameterSpec[]): Census {
  assertFits(ticket, { name: 'these parameters', parameters });
  const layers = parameters.flatMap((parameter) => {
    const mask = ticket.layers.get(parameter.name);
    return mask ? [countLayer(parameter, mask.kept)] : [];
  });
  const sum = (count: (layer: LayerCensus) => number): number =>
    layers.reduce((total, layer) => total + count(layer), 0);
  const size = sum((layer) => layer.size);
  const kept = sum((layer) => layer.kept);
  return {
    layers,
    size,
    kept,
    density: kept / size,
    collapsedLayers: layers.filter((layer) => layer.collapsed).length,
    deadOutputs: sum((layer) => layer.deadOutputs),
    unusedInputs: sum((layer) => layer.unusedInputs),
    multiplyAdds: {
      dense: sum((layer) => layer.multiplyAdds.dense),
      kept: sum((layer) => layer.multiplyAdds.kept),
    },
    bytes: {
      dense: 4 * size,
      sparse: 8 * kept,
      bitmask: 4 * kept + sum((layer) => Math.ceil(layer.size / 8)),
    },
  };
}

function countLayer(
  { name, shape, usesPerImage, axes = { outputs: 0, inputs: 1 }, groups = 1 }: ParameterSpec,
  mask: Uint8Array,
): LayerCensus {
  const outputs = shape[axes.outputs] ?? 1;
  const inputsOfGroup = shape[axes.inputs] ?? 1;
  const inputs = inputsOfGroup * groups;
  const keptByOutput = new Uint32Array(outputs);
  const keptByInput = new Uint32Array(inputs);
  const step = (axis: number) => shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const [outputStep, inputStep] = [step(axes.outputs), step(axes.inputs)];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const output = Math.floor(i / outputStep) % outputs;
    const group = Math.floor((output * groups) / outputs);
    keptByOutput[output]!++;
    keptByInput[group * inputsOfGroup + (Math.floor(i / inputStep) % inputsOfGroup)]!++;
  }
  const kept = keptByOutput.reduce((sum, n) => sum + n, 0);
  return {
    name,
    shape,
    size: mask.length,
    kept,
    density: kept / mask.length,
    collapsed: kept === 0,
    outputs,
    deadOutputs: keptByOutput.filter((n) => n === 0).length,
    inputs,
    unusedInputs: keptByInput.filter((n) => n === 0).length,
    multiplyAdds: { dense: usesPerImage * mask.length, kept: usesPerImage * kept },
  };
}
