/** What wraps a network in PyTorch writes before every name: DataParallel, torch.compile, and trainers' modules. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.'];

/** Names of torchvision's ResNets by ours. Its blocks count from 0. */
const TORCHVISION: readonly [pattern: RegExp, ours: string | ((...found: string[]) => string)][] = [
  [/^conv1\./, 'stem.conv.'],
  [/^bn1\./, 'stem.bn.'],
  [/^fc\./, 'head.fc.'],
  [
    /^layer(\d)\.(\d+)\.downsample\.([01])\./,
    (_, stage, block, part) =>
      `stage${stage}.block${Number(block) + 1}.shortcut.${part === '0' ? 'conv' : 'bn'}.`,
  ],
  [/^layer(\d)\.(\d+)\./, (_, stage, block) => `stage${stage}.block${Number(block) + 1}.`],
];

/** A prefix that all names have, as wrappers leave it. */
function wrapperOf(names: readonly string[]): string {
  let wrapper = '';
  for (;;) {
    const next = WRAPPERS.find((prefix) =>
      names.every((name) => name.startsWith(wrapper + prefix)),
    );
    if (next === undefined || names.length === 0) return wrapper;
    wrapper += next;
  }
}

function fromTorchvision(name: string): string {
  for (const [pattern, ours] of TORCHVISION) {
    if (pattern.test(name)) return name.replace(pattern, ours as string);
  }
  return name;
}

/** Our names of a file's tensors, by its own: without wrappers, and of torchvision's ResNets as this network is one. */
export function ourNames(
  names: readonly string[],
  parameters: ReadonlySet<string>,
): Map<string, string> {
  // Names that are the network's own need no unwrapping, whatever they begin with.
  const wrapper = names.some((name) => parameters.has(name)) ? '' : wrapperOf(names);
  const isTorchvision =
    names.includes(`${wrapper}conv1.weight`) && parameters.has('stem.conv.weight');
  return new Map(
    names.map((name) => {
      const own = name.slice(wrapper.length);
      return [name, isTorchvision ? fromTorchvision(own) : own];
    }),
  );
}
