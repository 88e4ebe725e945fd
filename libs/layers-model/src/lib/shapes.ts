import type { Config, LayerCall } from './layer-call.ts';
import type { Value } from './translation.ts';
import { unsupported } from './unsupported.ts';
import { NO_ZEROS, sumOfSides } from './zeros.ts';

/** As it is where there is nothing to do: one example [height, width] is an image of one channel. */
const imageOf = (shape: readonly number[]) => (shape.length === 2 ? [...shape, 1] : shape);

/** A value's numbers in another shape of one example. */
export function reshaped(call: LayerCall, x: Value, shape: readonly number[]): Value {
  const { neverNegative = false, softmax = false } = x;
  const described = { shape, neverNegative, softmax };
  if (imageOf(shape).join() === imageOf(x.shape).join()) return { ...x, shape };
  const [height, width, channels] = shape as [number, number, number];
  const { translation } = call;
  if (shape.length === 1)
    return translation.add(
      (layers, values) => layers.flatten(values[x.at]!, { order: 'channels-last' }),
      described,
    );
  if (shape.length !== 3) throw unsupported(call, `makes outputs of shape [${shape.join(', ')}]`);
  const image = { height, width, channels };
  return translation.add((layers, values) => layers.reshape(values[x.at]!, image), described);
}

/** Whether an axis, counted with the batch's, is that of channels or features: the last, unless a configuration says. */
export function isOfChannels(axis: Config['axis'], { shape }: Value): boolean {
  const [only = -1, ...others] = [axis ?? []].flat();
  return shape.length !== 2 && others.length === 0 && (only === -1 || only === shape.length);
}

export function zeroPadding({ config, x }: LayerCall): Value {
  const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]];
  return { ...x, zeros: sumOfSides(x.zeros ?? NO_ZEROS, { top, bottom, left, right }) };
}

export function add(call: LayerCall): Value {
  const { translation, inputs, shape } = call;
  if (inputs.some((input) => input.shape.join() !== shape.join()))
    throw unsupported(call, 'adds up different shapes');
  return inputs.reduce((x, y) =>
    translation.add((layers, values) => layers.add(values[x.at]!, values[y.at]!), {
      shape,
      neverNegative: (x.neverNegative && y.neverNegative) ?? false,
    }),
  );
}

/** Of images of several pixels and of one, the one comes second. */
export function multiply(call: LayerCall): Value {
  const { translation, inputs, shape } = call;
  const whole = shape.join();
  const pixel = [1, 1, shape.at(-1)!].join();
  const fits = (input: Value) => [whole, pixel].includes(input.shape.join());
  const first = inputs.findIndex((input) => input.shape.join() === whole);
  if (first < 0 || !inputs.every(fits)) throw unsupported(call, 'multiplies different shapes');
  return [inputs[first]!, ...inputs.filter((_, i) => i !== first)].reduce((x, y) =>
    translation.add((layers, values) => layers.multiply(values[x.at]!, values[y.at]!), {
      shape,
      neverNegative: (x.neverNegative && y.neverNegative) ?? false,
    }),
  );
}

export function concatenate(call: LayerCall): Value {
  const { translation, config, inputs, shape } = call;
  if (!isOfChannels(config.axis, call.x))
    throw unsupported(call, `concatenates along axis ${String(config.axis)}`);
  const [first, ...others] = inputs as readonly [Value, ...Value[]];
  return translation.add(
    (layers, values) => layers.concat([values[first.at]!, ...others.map(({ at }) => values[at]!)]),
    { shape, neverNegative: inputs.every(({ neverNegative }) => neverNegative) },
  );
}
