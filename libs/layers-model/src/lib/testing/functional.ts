import * as tfl from '@tensorflow/tfjs-layers';

/** A functional model of images of this shape. */
export function functional(
  shape: number[],
  build: (images: tfl.SymbolicTensor) => tfl.SymbolicTensor,
): tfl.LayersModel {
  const images = tfl.input({ shape });
  return tfl.model({ inputs: images, outputs: build(images) });
}

export const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
  layer.apply(x) as tfl.SymbolicTensor;

/** One layer after the other. */
export const through = (x: tfl.SymbolicTensor, ...list: tfl.layers.Layer[]) =>
  list.reduce((y, layer) => apply(layer, y), x);
