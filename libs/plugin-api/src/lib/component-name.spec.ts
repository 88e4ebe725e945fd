import { describe, expect, it } from '@jest/globals';
import { isFileName } from './file-name.ts';
import { isComponentName, isPluginName } from './component-name.ts';

describe(isComponentName, () => {
  it.each(['kl', 'resnet20', 'wide-resnet.28_10', 'ViT-B', '3', 'a..b'])(
    '"%s" names one',
    (name) => {
      expect(isComponentName(name)).toBe(true);
      expect(isFileName(name)).toBe(true);
    },
  );

  it.each([
    '',
    '.',
    '..',
    '../../etc/x',
    '-v',
    'a-',
    '.hidden',
    'a b',
    'a\nb',
    'a:b',
    'a\\b',
    '<img src=x>',
    'x\x1b[31m',
    '=1+1',
    'größe',
    '__proto__',
    'constructor',
    'toString',
    'a'.repeat(49),
  ])('"%s" names none', (name) => expect(isComponentName(name)).toBe(false));
});

describe(isPluginName, () => {
  it.each(['mine', '@me/stripes', 'winnow-vit'])('"%s" names one', (name) =>
    expect(isPluginName(name)).toBe(true),
  );

  it.each(['@me', '@me/', '@me/a/b', 'me/stripes', '../x', '@../x', '<img>\x1b[31m\n../x'])(
    '"%s" names none',
    (name) => expect(isPluginName(name)).toBe(false),
  );
});
