import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Architecture } from '@winnow/models';
import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import { translateLayer } from './translate-layer.ts';
import { type Layer, type LayerWeights, Translation, type Value } from './translation.ts';
import { refused } from './unsupported.ts';

export interface TranslatedModel {
  readonly architecture: Architecture;
  readonly weights: readonly LayerWeights[];
  readonly input: ImageShape;
  readonly classes: number;
  readonly softmax: boolean;
}

const refuse = (model: LayersModel, problem: string) =>
  refused(`The model "${model.name}"`, problem);

/** Told by its form, so that a second copy of the package does no harm. */
const isModel = (layer: Layer): layer is LayersModel => 'layers' in layer && 'predict' in layer;

const isInput = (layer: Layer) => layer.getClassName() === 'InputLayer';

/** Each place of each layer, after those whose outputs it takes. */
function placesOf({ nodesByDepth, layers }: LayersModel) {
  const depths = Object.keys(nodesByDepth).map(Number);
  return depths
    .sort((a, b) => b - a)
    .flatMap((depth) =>
      nodesByDepth[depth]!.toSorted(
        (a, b) => layers.indexOf(a.outboundLayer) - layers.indexOf(b.outboundLayer),
      ),
    )
    .filter(({ outboundLayer }) => !isInput(outboundLayer));
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
    const first = translation.names.get(layer);
    const name = first ?? `${prefix}${layer.name}`;
    translation.names.set(layer, name);
    return isModel(layer)
      ? translate(translation, layer, inputs[0]!, `${name}.`)
      : translateLayer({ translation, layer, name, shared: first !== undefined, inputs });
  };
  if (model.getClassName() === 'Sequential')
    return model.layers
      .filter((layer) => !isInput(layer))
      .reduce((value, layer) => step(layer, [value]), images);
  for (const { outboundLayer, inputTensors, outputTensors } of placesOf(model)) {
    const inputs = inputTensors.map(({ id }) => known.get(id)!);
    known.set(outputTensors[0]!.id, step(outboundLayer, inputs));
  }
  return known.get(model.outputs[0]!.id)!;
}

/** The model as an architecture from images to logits. Throws UNSUPPORTED_MODEL, naming the layer. */
export function translateModel(model: LayersModel): TranslatedModel {
  // Sequential models without an input have neither, whatever the types say.
  const inputs = model.inputs as readonly SymbolicTensor[] | null;
  if (!inputs?.length)
    throw new WinnowError('UNSUPPORTED_MODEL', `The model "${model.name}" is not built yet.`, {
      hint: 'Give its first layer an inputShape.',
    });
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
