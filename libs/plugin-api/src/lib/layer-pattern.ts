import type { ParameterSpec } from './model.ts';
import { suggestName } from './suggest-name.ts';
import { WinnowError } from './winnow-error.ts';

/** The parameters whose weights a ticket keeps or removes, in the network's order. */
export function prunableOf<P extends Pick<ParameterSpec, 'prunable'>>({
  parameters,
}: {
  readonly parameters: readonly P[];
}): P[] {
  return parameters.filter(({ prunable }) => prunable);
}

/**
 * The prunable parameters that a pattern names: `head.fc.weight`, or `stage3.*` with `*` for any characters. Throws
 * BAD_LAYER where there is none.
 */
export function matchPrunable(
  parameters: readonly Pick<ParameterSpec, 'name' | 'prunable'>[],
  pattern: string,
): string[] {
  const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${literal.join('.*')}$`, 's');
  const names = prunableOf({ parameters }).map(({ name }) => name);
  const matching = names.filter((name) => expression.test(name));
  if (matching.length > 0) return matching;
  throw new WinnowError('BAD_LAYER', `No prunable parameter is named "${pattern}".`, {
    hint: suggestName(pattern, names),
  });
}
