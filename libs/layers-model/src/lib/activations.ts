import type { Layers } from '@winnow/models';
import type { LayerCall } from './layer-call.ts';
import type { Translation, Value } from './translation.ts';
import { unsupported } from './unsupported.ts';

function onEach(
  translation: Translation,
  x: Value,
  step: <T>(layers: Layers<T>, x: T) => T,
  neverNegative = false,
): Value {
  return translation.add((layers, values) => step(layers, values[x.at]!), {
    shape: x.shape,
    neverNegative,
  });
}

/** What the activation of this name makes of a value. */
export function activated(call: LayerCall, activation: string, x: Value): Value {
  const { translation } = call;
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return onEach(translation, x, (layers, y) => layers.relu(y), true);
    case 'relu6':
      return onEach(translation, x, (layers, y) => layers.relu6(y), true);
    case 'tanh':
      return onEach(translation, x, (layers, y) => layers.tanh(y));
    case 'sigmoid':
      return onEach(translation, x, (layers, y) => layers.sigmoid(y), true);
    case 'elu':
      return onEach(translation, x, (layers, y) => layers.elu(y));
    case 'swish':
      return onEach(translation, x, (layers, y) => layers.silu(y));
    case 'softmax':
      if (x.shape.slice(0, -1).every((size) => size === 1)) return { ...x, softmax: true };
      throw unsupported(call, 'takes the softmax of images');
    default:
      throw unsupported(call, `has the activation "${activation}"`);
  }
}

/** By its `maxValue` alone: TensorFlow.js forgets what else Keras gives to a ReLU, and so does `predict`. */
export function relu(call: LayerCall): Value {
  const { translation, config, x } = call;
  const most = config.maxValue ?? Infinity;
  if (most === Infinity) return activated(call, 'relu', x);
  if (most === 6) return activated(call, 'relu6', x);
  if (!(most > 0)) throw unsupported(call, `has the maximum ${most}`);
  const cut = onEach(translation, rescaled(call, x, 6 / most), (layers, y) => layers.relu6(y));
  return { ...rescaled(call, cut, most / 6), neverNegative: true };
}

export function leakyRelu({ translation, config, x }: LayerCall): Value {
  const slope = config.alpha!;
  return onEach(translation, x, (layers, y) => layers.leakyRelu(y, { slope }));
}

/** x · factor + offset */
export function rescaled({ translation }: LayerCall, x: Value, factor: number, offset = 0): Value {
  return onEach(translation, x, (layers, y) => layers.affine(y, { factor, offset }));
}
