import { describe, expect, it } from '@jest/globals';
import { type HostTensor, sizeOf } from '@winnow/files';
import models from '@winnow/models';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { weightsFromPytorch } from './weights-from-pytorch.ts';

const zoo = new ComponentRegistry(models.components);

/** What torchvision's ResNet-18 for 10 classes holds, written out from its documentation; each tensor begins with its number. */
function torchvisionResnet18(): [string, number[]][] {
  const bn = (name: string, channels: number): [string, number[]][] => [
    ...['weight', 'bias', 'running_mean', 'running_var'].map((kind): [string, number[]] => [
      `${name}.${kind}`,
      [channels],
    ]),
    [`${name}.num_batches_tracked`, []],
  ];
  const tensors: [string, number[]][] = [['conv1.weight', [64, 3, 7, 7]], ...bn('bn1', 64)];
  let width = 64;
  for (const [i, channels] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const name = `layer${i + 1}.${block}`;
      tensors.push(
        [`${name}.conv1.weight`, [channels, width, 3, 3]],
        ...bn(`${name}.bn1`, channels),
      );
      tensors.push(
        [`${name}.conv2.weight`, [channels, channels, 3, 3]],
        ...bn(`${name}.bn2`, channels),
      );
      if (block === 0 && i > 0) {
        tensors.push([`${name}.downsample.0.weight`, [channels, width, 1, 1]]);
        tensors.push(...bn(`${name}.downsample.1`, channels));
      }
      width = channels;
    }
  }
  return [...tensors, ['fc.weight', [10, 512]], ['fc.bias', [10]]];
}

function fileOf(list: readonly (readonly [string, number[]])[], dtype = 'F32') {
  const tensors = new Map<string, HostTensor>(
    list.map(([name, shape], i) => {
      const data = new Float32Array(sizeOf(shape));
      data[0] = i;
      return [name, { shape, data }];
    }),
  );
  return { tensors, dtypes: new Map(list.map(([name]) => [name, dtype])) };
}

const lenet = zoo.get('model', 'lenet').build({ height: 1, width: 2, channels: 1 }, 3, {});
const ofLenet: [string, number[]][] = [
  ['fc1.weight', [300, 2]],
  ['fc1.bias', [300]],
  ['fc2.weight', [100, 300]],
  ['fc2.bias', [100]],
  ['fc3.weight', [3, 100]],
  ['fc3.bias', [3]],
];

describe('weightsFromPytorch', () => {
  it("leaves a network's own names alone, whatever they begin with", () => {
    const parameters = [
      { name: 'model.fc.weight', shape: [2, 3] },
    ] as unknown as Network['parameters'];
    const file = fileOf([['model.fc.weight', [2, 3]]]);
    const { tensors, renamed } = weightsFromPytorch(file, { name: 'mine', parameters }, 'a file');
    expect([...tensors.keys()]).toEqual(['model.fc.weight']);
    expect(renamed).toBeUndefined();
  });

  it("knows torchvision's names, behind DataParallel too", () => {
    const list = torchvisionResnet18();
    const number = (name: string) => list.findIndex(([other]) => other === name);
    const network = zoo
      .get('model', 'resnet18')
      .build({ height: 32, width: 32, channels: 3 }, 10, {});
    const wrapped = list.map(([name, shape]) => [`module.${name}`, shape] as const);
    const { tensors, renamed, leftOut, converted } = weightsFromPytorch(
      fileOf(wrapped),
      network,
      'FILE',
    );
    const pairs = {
      'stem.conv.weight': 'conv1.weight',
      'stem.bn.bias': 'bn1.bias',
      'stage1.block1.conv1.weight': 'layer1.0.conv1.weight',
      'stage2.block1.shortcut.conv.weight': 'layer2.0.downsample.0.weight',
      'stage4.block1.shortcut.bn.weight': 'layer4.0.downsample.1.weight',
      'stage4.block2.bn2.bias': 'layer4.1.bn2.bias',
      'head.fc.weight': 'fc.weight',
    };
    for (const [ours, theirs] of Object.entries(pairs))
      expect(tensors.get(ours)!.data[0]).toBe(number(theirs));
    expect([...tensors.keys()]).toEqual(network.parameters.map(({ name }) => name));
    expect(new Set([...tensors.values()].map(({ data }) => data[0])).size).toBe(62);
    // 20 normalisations with mean, variance and a counter.
    expect(leftOut).toBe(60);
    expect(renamed).toEqual({ count: 62, example: ['module.conv1.weight', 'stem.conv.weight'] });
    expect(converted).toEqual({});
  });

  it('takes its own names as they are, and says what it converted', () => {
    const { renamed, converted, tensors } = weightsFromPytorch(
      fileOf(ofLenet, 'BF16'),
      lenet,
      'FILE',
    );
    expect(renamed).toBeUndefined();
    expect(converted).toEqual({ BF16: 6 });
    expect(tensors.get('fc3.bias')!.data).toEqual(Float32Array.of(5, 0, 0));
    const double = fileOf(ofLenet, 'F64');
    double.tensors.set('fc3.bias', { shape: [3], data: Float64Array.of(0.1, 2, 3) });
    const rounded = weightsFromPytorch(double, lenet, 'FILE').tensors.get('fc3.bias');
    expect(rounded!.data).toEqual(Float32Array.of(0.1, 2, 3));
  });

  it.each<[string, (list: [string, number[]][]) => [string, number[]][], string, RegExp]>([
    [
      'a tensor that is absent',
      (list) => list.slice(1),
      'WEIGHTS_MISMATCH',
      /lacks the tensor "fc1.weight"\./,
    ],
    [
      'tensors that are absent',
      (list) => list.slice(5),
      'WEIGHTS_MISMATCH',
      /lacks the tensors "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias" and 1 more\./,
    ],
    [
      'one too many',
      (list) => [...list, ['fc4.bias', [1]]],
      'WEIGHTS_MISMATCH',
      /"fc4.bias" in FILE is no parameter of lenet\. .* rename its tensors as those of lenet: fc1\.weight, fc1\.bias, fc2\.weight, …$/,
    ],
    [
      'another shape',
      ([, ...list]) => [['fc1.weight', [2, 300]], ...list],
      'WEIGHTS_MISMATCH',
      /shape \[2, 300\]/,
    ],
  ])('refuses %s', (_, change, code, message) => {
    const read = () => weightsFromPytorch(fileOf(change(ofLenet)), lenet, 'FILE');
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  it('refuses whole numbers, and what float32 cannot hold', () => {
    const whole = () => weightsFromPytorch(fileOf(ofLenet, 'I64'), lenet, 'FILE');
    expect(whole).toThrow(expect.objectContaining({ code: 'BAD_WEIGHTS' }));
    const large = fileOf(ofLenet, 'F64');
    large.tensors.set('fc3.bias', { shape: [3], data: Float64Array.of(1e300, 0, 0) });
    expect(() => weightsFromPytorch(large, lenet, 'FILE')).toThrow(
      /"fc3.bias" in FILE holds Infinity/,
    );
  });
});
