/** What wraps a network in PyTorch writes before every name: DataParallel, torch.compile, and trainers' modules. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.'];

type Names = readonly [pattern: RegExp, ours: string | ((...found: string[]) => string)][];

/** Names of torchvision's ResNets by ours. Its blocks count from 0. */
const RESNET: Names = [
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

/** Blocks in each stage of MobileNetV2, which torchvision numbers through, from 1 on. */
const MOBILENET_BLOCKS = [1, 2, 3, 4, 3, 3, 1];
/** What its blocks call their parts, the first block without the first two. */
const MOBILENET_PARTS = new Map([
  ['0.0', 'expand.conv'],
  ['0.1', 'expand.bn'],
  ['1.0', 'depthwise.conv'],
  ['1.1', 'depthwise.bn'],
  ['2', 'project.conv'],
  ['3', 'project.bn'],
]);
const MOBILENET_FIRST_PARTS = new Map([
  ['0.0', 'depthwise.conv'],
  ['0.1', 'depthwise.bn'],
  ['1', 'project.conv'],
  ['2', 'project.bn'],
]);

/** Names of torchvision's MobileNetV2 by ours. */
const MOBILENET: Names = [
  [/^features\.0\.([01])\./, (_, part) => `stem.${part === '0' ? 'conv' : 'bn'}.`],
  [/^features\.18\.([01])\./, (_, part) => `head.${part === '0' ? 'conv' : 'bn'}.`],
  [/^classifier\.1\./, 'head.fc.'],
  [
    /^features\.(\d+)\.conv\.(\d(?:\.\d)?)\./,
    (found, place, part) => {
      const parts = place === '1' ? MOBILENET_FIRST_PARTS : MOBILENET_PARTS;
      let [stage, block] = [0, Number(place)];
      while (block > (MOBILENET_BLOCKS[stage] ?? Infinity)) block -= MOBILENET_BLOCKS[stage++]!;
      const ours = parts.get(part);
      return ours ? `stage${stage + 1}.block${block}.${ours}.` : found;
    },
  ],
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

/** By a name that torchvision's network has, and one that ours then has. */
const TORCHVISION: readonly { theirs: string; ours: string; names: Names }[] = [
  { theirs: 'conv1.weight', ours: 'stem.conv.weight', names: RESNET },
  { theirs: 'features.0.0.weight', ours: 'stage1.block1.depthwise.conv.weight', names: MOBILENET },
];

function renamed(name: string, names: Names): string {
  for (const [pattern, ours] of names) {
    if (pattern.test(name)) return name.replace(pattern, ours as string);
  }
  return name;
}

/** Our names of a file's tensors, by its own: without wrappers, and of torchvision's networks as this one is. */
export function ourNames(
  names: readonly string[],
  parameters: ReadonlySet<string>,
): Map<string, string> {
  // Names that are the network's own need no unwrapping, whatever they begin with.
  const wrapper = names.some((name) => parameters.has(name)) ? '' : wrapperOf(names);
  const torchvision = TORCHVISION.find(
    ({ theirs, ours }) => names.includes(wrapper + theirs) && parameters.has(ours),
  );
  return new Map(
    names.map((name) => {
      const own = name.slice(wrapper.length);
      return [name, torchvision ? renamed(own, torchvision.names) : own];
    }),
  );
}
