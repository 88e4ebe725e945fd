import { Packing } from '@winnow/models';
import { objectiveRoad } from '@winnow/objectives';
import { type ComponentRegistry, type ImageShape, WinnowError } from '@winnow/plugin-api';
import type { RoadsHere } from './inspect-ticket.ts';
import { networkRoads } from './roads.ts';
import { startChosenBackend } from './start-chosen-backend.ts';

export interface InspectModelSetting {
  readonly registry: ComponentRegistry;
  readonly input?: ImageShape | undefined;
  /** 10 when left out. */
  readonly classes?: number | undefined;
}

/** A parameter of a network; multiply-adds are those of one image, of what can be pruned. */
export interface CountedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly prunable: boolean;
  readonly multiplyAdds: number;
}

export interface InspectedModel {
  readonly model: string;
  readonly parameters: readonly CountedParameter[];
  /** By what it is computed here, under a ticket that keeps few weights, without one, and in a search by its logits. */
  readonly here: RoadsHere;
}

/** What a model is made of, by its own options' defaults. Throws UNKNOWN_NAME, INVALID_OPTION, and what the model does. */
export async function inspectModel(
  name: string,
  { registry, input, classes = 10 }: InspectModelSetting,
): Promise<InspectedModel> {
  const model = registry.get('model', name);
  if (!input) {
    throw new WinnowError('INVALID_OPTION', `A model does not say how large its images are.`, {
      hint: 'Give --input, such as --input 32x32x3.',
    });
  }
  const backend = await startChosenBackend('auto', registry);
  const network = model.build(input, classes, {});
  const parameters = network.parameters.map(({ name, shape, prunable, usesPerImage }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return { name, shape, size, prunable, multiplyAdds: prunable ? usesPerImage * size : 0 };
  });
  // Whether there is a program does not depend on which few are kept.
  const none = new Uint8Array(new Packing(network.parameters).size);
  const search = objectiveRoad(network, { needs: [] });
  const roads = { ...networkRoads(network, none), search };
  return { model: network.name, parameters, here: { backend, roads } };
}
