import { type NamedTensors, type Network, WinnowError } from '@winnow/plugin-api';

/** Throws WEIGHTS_MISMATCH, naming the first parameter of a network that is missing or of another shape. */
export function checkParameters(
  { name: model, parameters }: Pick<Network, 'name' | 'parameters'>,
  given: NamedTensors,
): void {
  for (const { name, shape } of parameters) {
    const found = given[name]?.shape;
    if (found?.join() === shape.join()) continue;
    throw new WinnowError(
      'WEIGHTS_MISMATCH',
      `The parameter "${name}" of ${model} is ${found ? `[${found.join(', ')}]` : 'missing'} where [${shape.join(', ')}] is due.`,
      { hint: 'Give every parameter of the network in its shape.' },
    );
  }
}
