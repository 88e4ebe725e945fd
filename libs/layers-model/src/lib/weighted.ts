import { activated } from './activations.ts';
import type { LayerCall } from './layer-call.ts';
import { depthwiseKernel, kernel, matrix, vector } from './layouts.ts';
import type { NamedLayout, Value } from './translation.ts';
import { isOfChannels } from './shapes.ts';
import { unsupported } from './unsupported.ts';
import { windowOf } from './windows.ts';

/** Says which weights a layer has, where it stands first. */
function declare({ translation, layer, shared }: LayerCall, weights: readonly NamedLayout[]): void {
  if (!shared) translation.weights.push({ layer, weights });
}

const ending = ({ config }: LayerCall) => config.activation ?? 'linear';

export function conv(call: LayerCall): Value {
  const { translation, name, shared, config, x, shape } = call;
  const { filters: channels, kernelSize, useBias: bias = true } = config;
  const own = windowOf(call, kernelSize!);
  const options = { channels: channels!, kernel: kernelSize!, bias, shared, ...own };
  declare(call, [[`${name}.weight`, kernel], ...(bias ? [[`${name}.bias`, vector] as const] : [])]);
  const y = translation.add((layers, values) => layers.conv(name, values[x.at]!, options), {
    shape,
  });
  return activated(call, ending(call), y);
}

export function depthwiseConv(call: LayerCall): Value {
  const { name, config } = call;
  const { useBias: bias = true } = config;
  if ([config.dilationRate ?? 1].flat().some((rate) => rate !== 1))
    throw unsupported(call, 'has a dilation, which TensorFlow.js forgets in this class');
  declare(call, [
    [`${name}.weight`, depthwiseKernel],
    ...(bias ? [[`${name}.bias`, vector] as const] : []),
  ]);
  return activated(call, ending(call), depthwise(call, name, bias));
}

/** The convolution of each channel by itself. */
function depthwise(call: LayerCall, name: string, bias: boolean): Value {
  const { translation, layer, shared, config, x, shape } = call;
  const { kernelSize } = config;
  // The multiplier, which the configuration of a SeparableConv2D lacks, is the kernel's last axis.
  const [kernels] = layer.getWeights();
  const groups = x.shape[2]!;
  const channels = groups * kernels!.shape[3]!;
  const own = windowOf(call, kernelSize!);
  const options = { channels, groups, kernel: kernelSize!, bias, shared, ...own };
  return translation.add((layers, values) => layers.conv(name, values[x.at]!, options), {
    shape: [...shape.slice(0, 2), channels],
  });
}

/** Two convolutions, `NAME.depthwise` and `NAME.pointwise`. */
export function separableConv(call: LayerCall): Value {
  const { translation, name, shared, config, shape } = call;
  const { filters: channels, useBias: bias = true } = config;
  const [first, second] = [`${name}.depthwise`, `${name}.pointwise`];
  declare(call, [
    [`${first}.weight`, depthwiseKernel],
    [`${second}.weight`, kernel],
    ...(bias ? [[`${second}.bias`, vector] as const] : []),
  ]);
  const x = depthwise(call, first, false);
  const options = { channels: channels!, kernel: 1, bias, shared };
  const y = translation.add((layers, values) => layers.conv(second, values[x.at]!, options), {
    shape,
  });
  return activated(call, ending(call), y);
}

export function dense(call: LayerCall): Value {
  const { translation, name, shared, config, x, shape } = call;
  if (x.shape.length !== 1)
    throw unsupported(call, 'is dense over images: put a Flatten before it');
  const { units, useBias: bias = true } = config;
  const options = { units: units!, bias, shared };
  declare(call, [[`${name}.weight`, matrix], ...(bias ? [[`${name}.bias`, vector] as const] : [])]);
  const y = translation.add((layers, values) => layers.linear(name, values[x.at]!, options), {
    shape,
  });
  return activated(call, ending(call), y);
}

export function normalize(call: LayerCall): Value {
  const { translation, name, shared, config, x, shape } = call;
  const { epsilon, center: shift = true } = config;
  const scale = config.scale !== false;
  if (!isOfChannels(config.axis, x))
    throw unsupported(call, `normalises along axis ${String(config.axis)}`);
  const kinds = [
    ...(scale ? ['weight'] : []),
    ...(shift ? ['bias'] : []),
    ...['running_mean', 'running_var'],
  ];
  declare(
    call,
    kinds.map((kind) => [`${name}.${kind}`, vector]),
  );
  const options = { epsilon, scale, shift, shared };
  return translation.add((layers, values) => layers.normalize(name, values[x.at]!, options), {
    shape,
  });
}
