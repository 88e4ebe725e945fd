import type { Network } from './model.ts';
import type { NetworkGraph } from './network-graph.ts';

const brand = Symbol.for('@winnow/plugin-api/computed-graph');

type Forward = Network['forward'] & { readonly [brand]?: NetworkGraph };

/** A `forward` that computes a network just as its graph says, so that another reading of the graph may stand in for it. */
export function computing(graph: NetworkGraph, forward: Network['forward']): Network['forward'] {
  return Object.assign(forward, { [brand]: graph });
}

/** A network's graph, where its `forward` is known to compute just that: no other one was put in its place. */
export function computedGraph({
  graph,
  forward,
}: Pick<Network, 'graph' | 'forward'>): NetworkGraph | undefined {
  return (forward as Forward)[brand] === graph ? graph : undefined;
}
