import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { type Exporter, type TrainedNetwork, defineExporter } from '@winnow/plugin-api';
import { guardComponent } from './guard-component.ts';

const trained = {} as TrainedNetwork;
const bytes = Uint8Array.of(1, 2);
const guarded = (encode: () => unknown, owns?: Exporter['owns']) =>
  guardComponent(
    defineExporter({
      name: 'shards',
      summary: '',
      place: 'export/shards',
      needsGraph: false,
      encode: encode as Exporter['encode'],
      ...(owns && { owns }),
    }),
    'theirs',
  );
const fail = () => {
  throw new TypeError('my own fault');
};

describe('an exporter', () => {
  it('gives what it encodes, and is known to be its plugin’s', () => {
    const folder = new Map([['a.bin', bytes]]);
    const elsewhere: unknown = runInNewContext('new Map([["a.bin", Uint8Array.of(1)]])');
    for (const encoded of [bytes, Buffer.from(bytes), folder, elsewhere])
      expect(guarded(() => encoded).encode(trained)).toBe(encoded);
    const whole = guarded(
      () => bytes,
      (name) => name === 'a.bin',
    );
    expect([whole.plugin, whole.owns!('a.bin'), whole.owns!('b.bin')]).toEqual([
      'theirs',
      true,
      false,
    ]);
    expect(guarded(() => bytes)).not.toHaveProperty('owns');
  });

  it('is named when it throws', () => {
    const message = 'Exporter "shards" of plugin "theirs" failed: my own fault.';
    const failed = expect.objectContaining({ code: 'PLUGIN_FAILED', sentence: message });
    expect(() => guarded(fail).encode(trained)).toThrow(failed);
    expect(() => guarded(fail, fail).owns!('a.bin')).toThrow(failed);
  });

  it.each<[what: string, encoded: unknown, problem: string]>([
    ['nothing', undefined, 'encoded Undefined where bytes are due. Its encode() '],
    ['a promise', Promise.resolve(bytes), 'encoded Promise where'],
    ['numbers of another type', Float32Array.of(1), 'encoded Float32Array where'],
    ['no file', new Map(), 'encoded a folder without files'],
    [
      'text for a file',
      new Map([['a.json', '{}']]),
      'encoded String where the bytes of "a.json" are due',
    ],
    ...['../a', '/etc/a', '..', '', 'a/b', 'a\\b', 'C:a'].map((name): [string, unknown, string] => [
      `a file named "${name}"`,
      new Map([
        ['a.bin', bytes],
        [name, bytes],
      ]),
      `encoded a file named "${name}", which is no name within its folder`,
    ]),
    ['a file without a name', new Map([[undefined, bytes]]), 'encoded a file named "undefined"'],
  ])('is named when it encodes %s', (_, encoded, problem) => {
    expect(() => guarded(() => encoded).encode(trained)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_FAILED',
        message: expect.stringContaining(`Exporter "shards" of plugin "theirs" ${problem}`),
      }),
    );
  });
});
