import type { GraphLayer, GraphValue, NetworkGraph } from '@winnow/plugin-api';

function inputsOf(layer: GraphLayer): GraphValue[] {
  if (layer.op === 'concat') return [layer.x, ...layer.others];
  if (layer.op === 'add' || layer.op === 'multiply') return [layer.x, layer.y];
  if (layer.op === 'normalize' && layer.residual !== undefined) return [layer.x, layer.residual];
  return [layer.x];
}

/** By the number of a layer, from 1 on: the results of earlier layers that nothing needs after it. */
export function lastUses({ layers, logits }: NetworkGraph): ReadonlyMap<number, GraphValue[]> {
  const last = new Map<GraphValue, number>();
  for (const [i, layer] of layers.entries())
    for (const input of inputsOf(layer)) last.set(input, i + 1);
  const done = new Map<number, GraphValue[]>();
  for (const [value, layer] of last) {
    // The images and the logits are the caller's.
    if (value === 0 || value === logits) continue;
    done.set(layer, [...(done.get(layer) ?? []), value]);
  }
  return done;
}
