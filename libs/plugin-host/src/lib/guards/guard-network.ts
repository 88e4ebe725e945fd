import {
  type ImageShape,
  type Network,
  type ParameterSpec,
  WinnowError,
  computedGraph,
  computing,
  isInitializer,
  withFields,
} from '@winnow/plugin-api';
import { attempt } from './attempt.ts';
import { graphProblem } from './graph-problem.ts';

const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0;

function problemOf(
  network: Partial<Network> | undefined,
  { input, classes }: Asked,
): string | undefined {
  if (typeof network !== 'object' || network === null) return 'built no network';
  if (typeof network.name !== 'string') return 'built a network without a name';
  if (typeof network.forward !== 'function') return 'built a network without forward()';
  if (!Array.isArray(network.parameters) || network.parameters.length === 0)
    return 'built a network without parameters';
  const names = new Set<string>();
  for (const spec of network.parameters as readonly (Partial<ParameterSpec> | null)[]) {
    const { name, shape, prunable, initializer, usesPerImage } = spec ?? {};
    if (typeof name !== 'string' || names.has(name))
      return `built a network with two parameters named "${name}", or one without a name`;
    names.add(name);
    if (!Array.isArray(shape) || !shape.every(isCount) || typeof prunable !== 'boolean')
      return `built a network whose parameter "${name}" lacks a shape, or does not say whether it is prunable`;
    if (!isInitializer(initializer))
      return `built a network whose parameter "${name}" has no initializer, or one without its numbers`;
    if (!Number.isFinite(usesPerImage) || usesPerImage! <= 0)
      return `built a network whose parameter "${name}" has ${String(usesPerImage)} for "usesPerImage", not a number above 0`;
  }
  const { height, width, channels } = network.input ?? {};
  if (height !== input.height || width !== input.width || channels !== input.channels)
    return `built a network for images of ${height}×${width}×${channels} where they are ${input.height}×${input.width}×${input.channels}`;
  if (network.classes !== classes)
    return `built a network for ${network.classes} classes where there are ${classes}`;
  return network.graph === undefined ? undefined : graphProblem(network.graph, names);
}

interface Asked {
  readonly input: ImageShape;
  readonly classes: number;
  readonly title: string;
  readonly plugin: string;
}

/**
 * Throws PLUGIN_FAILED where it is no network for these images, or its graph cannot be computed; so does its `forward` for
 * logits of another shape, and its `synapticFlow` for what is no scalar with an exponent.
 */
export function guardNetwork(network: Network, asked: Asked): Network {
  const { classes, title, plugin } = asked;
  const fail = (problem: string): never => {
    throw new WinnowError('PLUGIN_FAILED', `${title} ${problem}.`, {
      hint: 'Its build() must return a Network of @winnow/plugin-api.',
    });
  };
  const problem = problemOf(network, asked);
  if (problem !== undefined) fail(problem);
  const forward: Network['forward'] = (parameters, images, options) => {
    const logits = attempt(title, () => network.forward(parameters, images, options));
    const shape: unknown = (logits as Partial<typeof logits> | undefined)?.shape;
    const [batch] = images.shape;
    if (Array.isArray(shape) && shape.length === 2 && shape[0] === batch && shape[1] === classes)
      return logits;
    return fail(
      `returned ${Array.isArray(shape) ? `[${shape.join(', ')}]` : String(logits)} from forward() where logits of [${batch}, ${classes}] are due`,
    );
  };
  const graph = computedGraph(network);
  return withFields<Network>(network, {
    plugin,
    forward: graph ? computing(graph, forward) : forward,
    ...(network.synapticFlow && {
      synapticFlow(parameters) {
        const flow = attempt(title, () => network.synapticFlow!(parameters));
        const { value, exponent } = (flow ?? {}) as Partial<typeof flow>;
        const shape: unknown = value?.shape;
        if (Array.isArray(shape) && shape.length === 0 && Number.isFinite(exponent)) return flow;
        return fail(
          'returned from synapticFlow() no scalar tensor "value" with a finite number "exponent"',
        );
      },
    }),
  });
}
