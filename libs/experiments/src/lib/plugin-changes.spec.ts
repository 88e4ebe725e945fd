import { describe, expect, it } from '@jest/globals';
import { ComponentRegistry, defineModel, defineObjective } from '@winnow/plugin-api';
import * as z from 'zod';
import { assertNetworkUnchanged, assertPluginsUnchanged } from './plugin-changes.ts';

const unused = () => {
  throw new Error('Not called here.');
};
const record = (name: string, sha256: string, version?: string) => ({
  name,
  specifier: `/${name}.js`,
  sha256,
  ...(version === undefined ? {} : { version }),
});
const old = { plugins: [record('mine', 'a'.repeat(64), '1.0.0')] };
const recorded = { plugins: [{ ...old.plugins[0]!, brings: ['method' as const] }] };

describe('assertPluginsUnchanged', () => {
  it('does not mind another place, a plugin that is not there, or one that is new', () => {
    for (const now of [[], [record('other', 'c')], [record('mine', 'a'.repeat(64), '1.0.1')]])
      expect(() => assertPluginsUnchanged(recorded, now, 'runs/x')).not.toThrow();
  });

  it('names plugin, run, and both versions and hashes', () => {
    expect(() =>
      assertPluginsUnchanged(recorded, [record('mine', 'b'.repeat(64), '2.0.0')], 'runs/x'),
    ).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_CHANGED',
        message: expect.stringMatching(
          /"mine" .* runs\/x .*version 1\.0\.0, SHA-256 a{12}….* version 2\.0\.0, SHA-256 b{12}….*\/mine\.js\. To look at the run, .* --plugin \/mine\.js\. To go on /,
        ),
      }),
    );
  });
});

it('tells of no way to look at a run whose network may have been brought', () => {
  expect(() => assertPluginsUnchanged(old, [record('mine', 'b')], 'runs/x')).toThrow(
    /\. To use the run, bring the old code back, /,
  );
});

describe('assertNetworkUnchanged', () => {
  const mlp = {
    ...defineModel({
      name: 'mlp',
      summary: '',
      options: z.strictObject({}),
      rewindEpochs: 1,
      build: unused,
    }),
    plugin: 'mine',
  };
  const objective = {
    ...defineObjective({
      name: 'o',
      summary: '',
      lossScale: 1,
      stationaryAtDense: false,
      evaluate: unused,
    }),
    plugin: 'mine',
  };
  const config = (model: string) => ({
    ...recorded,
    model: { name: model, given: {}, options: {} },
    dataset: { name: 'digits', given: {}, options: {}, checksum: '' },
  });
  const now = [record('mine', 'b')];

  it('minds the code of the model, and not that of what found the ticket', () => {
    const registry = new ComponentRegistry([mlp, objective], now);
    expect(() => assertNetworkUnchanged(config('resnet8'), registry, 'runs/x')).not.toThrow();
    expect(() => assertNetworkUnchanged(config('mlp'), registry, 'runs/x')).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_CHANGED',
        message: expect.stringMatching(/\. To use the run, bring the old code back, /),
      }),
    );
  });
});
