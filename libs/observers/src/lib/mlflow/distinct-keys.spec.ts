import { describe, expect, it } from '@jest/globals';
import { distinctKeys } from './distinct-keys.ts';

describe(distinctKeys, () => {
  it('leaves what MLflow takes, letters and digits of any script too', () => {
    const keyOf = distinctKeys();
    const names = ['layer-density/stem.conv.weight', 'größe 2', '層/重み', 'a_b'];
    expect(names.map(keyOf)).toEqual(names);
    expect(keyOf('kernel:0=π²')).toBe('kernel_0_π²');
  });

  it('gives no two names one key, and a name the same again', () => {
    const keyOf = distinctKeys();
    // By sha256sum.
    const keys = { 'a:b': 'a_b', 'a;b': 'a_b_5719af18', c: 'c' };
    for (let n = 0; n < 2; n++) {
      expect(Object.keys(keys).map(keyOf)).toEqual(Object.values(keys));
    }
  });

  it('cuts long ones to 250 characters, no letter in two', () => {
    const keyOf = distinctKeys();
    const keys = ['x', 'y'].map((end) => keyOf('𝒦'.repeat(300) + end));
    expect(keys[0]).toBe('𝒦'.repeat(250));
    expect(keys[1]).toMatch(/^𝒦{241}_[0-9a-f]{8}$/u);
  });
});
