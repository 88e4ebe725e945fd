import { expect, it } from '@jest/globals';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { ourNames } from './pytorch-names.ts';

/** The names of torchvision's MobileNetV2, in its order, written out from its documentation. */
function torchvisionNames(): string[] {
  const bn = (name: string) =>
    ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].map(
      (kind) => `${name}.${kind}`,
    );
  const layer = (conv: string, norm: string) => [`${conv}.weight`, ...bn(norm)];
  const blocks = Array.from({ length: 17 }, (_, i) => {
    const at = `features.${i + 1}.conv`;
    const parts = i === 0 ? [0] : [0, 1];
    return [
      ...parts.flatMap((part) => layer(`${at}.${part}.0`, `${at}.${part}.1`)),
      ...layer(`${at}.${parts.length}`, `${at}.${parts.length + 1}`),
    ];
  });
  return [
    ...layer('features.0.0', 'features.0.1'),
    ...blocks.flat(),
    ...layer('features.18.0', 'features.18.1'),
    ...['classifier.1.weight', 'classifier.1.bias'],
  ];
}

it("knows the names of torchvision's MobileNetV2, also behind a wrapper's", () => {
  const input = { height: 32, width: 32, channels: 3 };
  const network = new ComponentRegistry(models.components)
    .get('model', 'mobilenetv2')
    .build(input, 10, {});
  const ours = network.parameters.map(({ name }) => name);
  for (const wrapper of ['', 'module.']) {
    const names = ourNames(
      torchvisionNames().map((name) => wrapper + name),
      new Set(ours),
    );
    // Both have their parameters in the order in which they are used.
    const trained = [...names.values()].filter((name) => !/running|tracked/.test(name));
    expect(trained).toEqual(ours);
    expect(names.get(`${wrapper}features.4.conv.1.1.running_var`)).toBe(
      'stage3.block1.depthwise.bn.running_var',
    );
  }
});
