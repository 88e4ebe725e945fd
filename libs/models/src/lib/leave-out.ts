import { type Network, WinnowError, matchPrunable, withFields } from '@winnow/plugin-api';

/**
 * The network whose parameters of these patterns (`head.*`) are not pruned: they do not count towards a density, and
 * tickets have no mask for them. Throws BAD_LAYER for a pattern that names none, or where none is left to prune.
 */
export function leaveOut(network: Network, patterns: readonly string[]): Network {
  if (patterns.length === 0) return network;
  const names = new Set(patterns.flatMap((pattern) => matchPrunable(network.parameters, pattern)));
  const parameters = network.parameters.map((parameter) =>
    names.has(parameter.name) ? { ...parameter, prunable: false } : parameter,
  );
  if (!parameters.some(({ prunable }) => prunable)) {
    throw new WinnowError('BAD_LAYER', `All of ${network.name} is left out of pruning.`, {
      hint: 'Leave out less.',
    });
  }
  const leftOut = [...(network.leftOut ?? []), ...names];
  return withFields<Network>(network, { parameters, leftOut });
}
