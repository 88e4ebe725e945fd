import type { LayerCall } from './layer-call.ts';
import { reshaped } from './shapes.ts';
import type { Value } from './translation.ts';
import { windowOf } from './windows.ts';
import { padded } from './zeros.ts';

const isPadded = (sides: object) => Object.values(sides).some((pixels) => pixels !== 0);

export function maxPool(call: LayerCall): Value {
  const { translation, config, x, shape } = call;
  const size = config.poolSize!;
  const { stride, padding } = windowOf(call, size);
  const { top, bottom, left, right } = padding;
  const sees = Math.max(top, bottom) < size[0] && Math.max(left, right) < size[1];
  // A maximum's own padding is below every number: as good as zeros where a window has pixels too, none of them negative.
  if (x.zeros && !(x.neverNegative && sees)) return maxPool({ ...call, x: padded(translation, x) });
  return translation.add(
    (layers, values) => layers.maxPool(values[x.at]!, { size, stride, padding }),
    { shape, neverNegative: x.neverNegative ?? false },
  );
}

export function averagePool(call: LayerCall): Value {
  const { translation, config, x, shape } = call;
  const size = config.poolSize!;
  const { stride, padding } = windowOf(call, size);
  const options = { size, stride, ...(isPadded(padding) ? { padding } : {}) };
  return translation.add((layers, values) => layers.averagePool(values[x.at]!, options), {
    shape,
    neverNegative: x.neverNegative ?? false,
  });
}

export function globalAveragePool(call: LayerCall): Value {
  const { translation, x, shape } = call;
  const mean = translation.add((layers, values) => layers.globalAveragePool(values[x.at]!), {
    shape: [x.shape[2]!],
  });
  return reshaped(call, mean, shape);
}

export function globalMaxPool(call: LayerCall): Value {
  const { translation, x, shape } = call;
  const [height, width, channels] = x.shape as [number, number, number];
  const options = { size: [height, width], stride: 1 } as const;
  const most = translation.add((layers, values) => layers.maxPool(values[x.at]!, options), {
    shape: [1, 1, channels],
  });
  return reshaped(call, most, shape);
}
