// Programs are made call by call, each of which knows what the ones before it have added: drawn like this, most can run.
import { goFar } from './given.mjs';

/** Calls that take a program, or make one. */
export const PROGRAM_CALLS = new Set([
  'beginProgram',
  'addConvolution',
  'addGather',
  'addActivation',
  'captureActivation',
  'finishProgram',
  'programMultiplyAdds',
  'programIsDense',
  'runProgram',
  'programGradient',
  'releaseProgram',
]);

const slid = (random, pixels, kernel, stride, pad) =>
  Math.max(1, Math.floor((pixels + pad + random.below(kernel) - kernel) / stride) + 1);

/** Windows over an image, none of which lies beside it where `kernel` is no larger than its padded pixels. */
function windows(random, { height, width }) {
  // The one that Winograd's algorithm is for comes up often.
  if (random.chance(0.3) && height > 2 && width > 2) {
    const around = { kernelHeight: 3, kernelWidth: 3, stride: 1, padTop: 1, padLeft: 1 };
    return { ...around, outHeight: height, outWidth: width };
  }
  const [kernelHeight, kernelWidth] = [random.between(1, 4), random.between(1, 4)];
  const [padTop, padLeft] = [random.below(kernelHeight), random.below(kernelWidth)];
  const stride = random.between(1, 3);
  return {
    kernelHeight,
    kernelWidth,
    stride,
    padTop,
    padLeft,
    outHeight: slid(random, height, kernelHeight, stride, padTop),
    outWidth: slid(random, width, kernelWidth, stride, padLeft),
  };
}

/** A layer over an activation: its call, and the shape that it puts out. */
function layer(random, input, parameters, choices) {
  const { height, width, channels } = input.shape;
  const over = windows(random, input.shape);
  const { outHeight, outWidth, stride } = over;
  const common = { input: input.number, ...over };
  if (random.chance(0.6)) {
    const groups = random.chance(0.3) ? random.of([channels, random.between(1, 4)]) : 1;
    const out = random.chance(0.3)
      ? channels
      : groups * random.between(1, Math.max(1, 40 / groups));
    const weight = random.below(Math.max(1, parameters >> 2));
    return {
      name: 'addConvolution',
      values: { ...common, channels: out, groups, weight },
      shape: { height: outHeight, width: outWidth, channels: out },
    };
  }
  const kind = random.below(choices.GatherKind.length);
  const before = random.below(3);
  const out = { channels: channels + before + random.below(3), before };
  const shape = {
    Max: { height: outHeight, width: outWidth, channels },
    Average: { height: 1, width: 1, channels },
    Subsample: {
      height: Math.ceil(height / stride),
      width: Math.ceil(width / stride),
      channels: out.channels,
    },
    Flatten: { height: 1, width: 1, channels: height * width * channels },
  }[choices.GatherKind[kind]];
  const values = { ...common, ...out, kind, channelsLast: random.chance(0.5) };
  return { name: 'addGather', values, shape };
}

/**
 * Makes a program, runs it and releases it. `call(name, values)` returns what the call does, or undefined where it is
 * refused; `signatures` and `choices` are the engine's.
 */
export function fuzzProgram(random, call, { signatures, choices }) {
  const made = (name, values) => {
    if (random.chance(0.03)) goFar(random, values, signatures[name]);
    return call(name, values);
  };
  const begun = {
    batch: random.of([1, 2, 3, 7, 15, 16, 17, 20, 33]),
    height: random.between(1, 13),
    width: random.between(1, 13),
    channels: random.chance(0.8) ? random.between(1, 5) : random.between(12, 36),
    parameters: random.of([0, 50, 400, 3000, 20000, 40000]),
    differentiable: random.chance(0.8),
  };
  const program = made('beginProgram', begun);
  if (program === undefined) return;
  const { height, width, channels, parameters } = begun;
  const activations = [{ number: 0, shape: { height, width, channels } }];
  const parameter = () => random.below(Math.max(1, parameters >> 1));
  const plain = {
    program,
    adjustment: 0,
    scale: 0,
    shift: 0,
    epsilon: 0,
    second: -1,
    rectifier: 0,
  };
  for (let i = random.between(1, 6); i > 0; i--) {
    const input = random.chance(0.93) ? activations.at(-1) : random.of(activations);
    const { name, values, shape } = layer(random, input, parameters, choices);
    const number = made(name, { program, ...values });
    if (number === undefined || number < 0) continue;
    const alike = activations.filter(
      (it) => JSON.stringify(it.shape) === JSON.stringify(shape) || random.chance(0.02),
    );
    const adjusted = {
      ...plain,
      layer: random.chance(0.97) ? number : random.below(9),
      adjustment: random.below(choices.Adjustment.length),
      scale: parameter(),
      shift: parameter(),
      epsilon: random.of([0, 1e-5, 1]),
      second: alike.length > 0 && random.chance(0.4) ? random.of(alike).number : -1,
      rectifier: i > 1 ? random.below(choices.Rectifier.length) : 0,
    };
    const activation = [adjusted, { ...plain, layer: number }]
      .map((values) => made('addActivation', values))
      .find((it) => it >= 0);
    if (activation >= 0) activations.push({ number: activation, shape });
  }
  const last = random.chance(0.95) ? activations.at(-1) : random.of(activations);
  const { number, shape } = last;
  // Logits are features.
  const average = { program, input: number, kind: choices.GatherKind.indexOf('Average') };
  const ends = shape.height * shape.width > 1 && random.chance(0.95);
  const end =
    ends &&
    made('addGather', {
      ...average,
      ...windows(random, shape),
      channels: 1,
      before: 0,
      channelsLast: false,
    });
  const features = Number.isInteger(end) ? made('addActivation', { ...plain, layer: end }) : number;
  if (random.chance(0.1)) call('runProgram', { program });
  for (const { number: activation } of activations)
    if (random.chance(0.3)) made('captureActivation', { program, activation });
  made('finishProgram', { program, logits: features ?? number });
  call('programIsDense', { program, layer: random.below(4) });
  call('programMultiplyAdds', { program, ofGradient: random.chance(0.5) });
  for (const name of ['runProgram', 'programGradient', 'runProgram']) call(name, { program });
  call('releaseProgram', { program });
  if (random.chance(0.2)) call(random.of(['runProgram', 'programGradient']), { program });
}
