import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Architecture } from '@winnow/models';
import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import { translateLayer } from './translate-layer.ts';
import { type Layer, type LayerWeights, Translation, type Value } from './translation.ts';
import { SUPPORTED } from './supported.ts';
import { unsupported } from './unsupported.ts';

export interface TranslatedModel {
  readonly architecture: Architecture;
  readonly weights: readonly LayerWeights[];
  readonly input: ImageShape;
  readonly classes: number;
  readonly softmax: boolean;
}

function refuse(model: LayersModel, problem: string): WinnowError {
  return new WinnowError('UNSUPPORTED_MODEL', `The model "${model.name}" ${problem}.`, {
    hint: `Supported: ${SUPPORTED}; any function of parameters is, by networkOf of @winnow/models.`,
  });
}

/** Told by its form, so that a second copy of the package does no harm. */
const isModel = (layer: Layer): layer is LayersModel => 'layers' in layer && 'predict' in layer;

/** The one place where this layer stands in the model: what goes in and what comes out. */
function placeOf(model: LayersModel, layer: Layer, name: string) {
  const places = layer.inboundNodes.filter((_, i) =>
    model.containerNodes.has(`${layer.name}_ib-${i}`),
  );
  if (places.length !== 1) throw unsupported(name, `is used at ${places.length} places`);
  return places[0]!;
}

function translate(
  translation: Translation,
  model: LayersModel,
  images: Value,
  prefix: string,
): Value {
  const single = ({ length }: readonly SymbolicTensor[]) => length === 1;
  if (!single(model.inputs) || !single(model.outputs))
    throw refuse(model, `has ${model.inputs.length} inputs and ${model.outputs.length} outputs`);
  const known = new Map([[model.inputs[0]!.id, images]]);
  const step = (layer: Layer, inputs: readonly Value[]): Value => {
    const name = `${prefix}${layer.name}`;
    if (translation.done.has(layer)) throw unsupported(name, 'is used at more than one place');
    translation.done.add(layer);
    return isModel(layer)
      ? translate(translation, layer, inputs[0]!, `${name}.`)
      : translateLayer(translation, layer, name, inputs);
  };
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  if (model.getClassName() === 'Sequential')
    return layers.reduce((value, layer) => step(layer, [value]), images);
  for (const layer of layers) {
    const { inputTensors, outputTensors } = placeOf(model, layer, `${prefix}${layer.name}`);
    const inputs = inputTensors.map(({ id }) => known.get(id)!);
    known.set(outputTensors[0]!.id, step(layer, inputs));
  }
  return known.get(model.outputs[0]!.id)!;
}

/** The model as an architecture from images to logits. Throws UNSUPPORTED_MODEL, naming the layer. */
export function translateModel(model: LayersModel): TranslatedModel {
  // Sequential models without an input have neither, whatever the types say.
  const inputs = model.inputs as readonly SymbolicTensor[] | null;
  if (!inputs?.length) throw refuse(model, 'is not built yet: give its first layer an inputShape');
  const shape = inputs[0]!.shape.slice(1) as readonly (number | null)[];
  if (shape.length < 1 || shape.length > 3 || shape.some((n) => n === null))
    throw refuse(model, `takes inputs of shape [${shape.map((n) => n ?? '?').join(', ')}]`);
  const sizes = shape as readonly number[];
  const translation = new Translation();
  const [height, width, channels = 1] = sizes.length > 1 ? sizes : [1, 1, sizes[0]];
  const images: Value = { at: 0, shape: sizes };
  const first =
    sizes.length === 1
      ? translation.add((layers, values) => layers.flatten(values[0]!), images)
      : images;
  const output = translate(translation, model, first, '');
  if (output.shape.length !== 1 || output.zeros)
    throw refuse(model, `makes outputs of shape [${output.shape.join(', ')}]`);
  return {
    architecture: translation.architecture(output),
    weights: translation.weights,
    input: { height: height, width: width, channels },
    classes: output.shape[0]!,
    softmax: output.softmax ?? false,
  };
}
