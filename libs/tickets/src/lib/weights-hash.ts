import { type FloatTensor, sha256 } from '@winnow/files';

/** SHA-256 (hex) of all parameters one after another in the network's order, as a ticket's provenance names them. */
export function weightsHash(parameters: ReadonlyMap<string, FloatTensor>): string {
  return sha256(...[...parameters.values()].map(({ data }) => data));
}
