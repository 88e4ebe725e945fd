import { describe, expect, it } from '@jest/globals';
import exchange from '@winnow/exchange';
import { ComponentRegistry, type Exporter, WinnowError, defineExporter } from '@winnow/plugin-api';
import { exporterConformance } from './exporter-conformance.ts';
import { toyTrained } from './toy-trained.ts';

describe.each(new ComponentRegistry(exchange.components).all('exporter'))('$name', (exporter) => {
  for (const { name, skip, run } of exporterConformance(exporter)) (skip ? it.skip : it)(name, run);
});

const bytesOf = ({ data }: { readonly data: Float32Array }) =>
  new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
let encoded = 0;

/** A folder with a file a tensor. */
const right: Exporter = defineExporter({
  name: 'raw',
  summary: 'a file a tensor',
  place: 'export/raw',
  needsGraph: false,
  encode: ({ tensors }) => new Map([...tensors].map(([name, tensor]) => [name, bytesOf(tensor)])),
  owns: (name) => /^(conv|bn|fc)[.]/.test(name),
});

async function failedOf(exporter: Exporter): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of exporterConformance(exporter))
    await run().catch(() => failed.push(name));
  return failed;
}

describe('exporterConformance finds', () => {
  it('nothing in an exporter that does what it must', async () => {
    expect(await failedOf(right)).toEqual([]);
    expect(exporterConformance(right).filter(({ skip }) => skip)).toEqual([]);
  });

  it('nothing in one for networks of its own', async () => {
    const picky: Exporter = {
      ...right,
      encode: (trained) => {
        if (trained.network.name !== 'mine')
          throw new WinnowError('UNSUPPORTED_MODEL', 'This is for others.');
        return right.encode(trained);
      },
    };
    const trained = (seed: number) => {
      const toy = toyTrained(seed);
      return { ...toy, network: { ...toy.network, name: 'mine' } };
    };
    expect(await failedOf(picky)).not.toEqual([]);
    for (const { run } of exporterConformance(picky, { trained })) await run();
  });

  it.each<[fault: string, change: Partial<Exporter>, failing: RegExp]>([
    ['a name of two words', { name: 'raw tensors' }, /^has a name/],
    ['a name that leads elsewhere', { name: 'a/../b' }, /^has a name/],
    ['no summary', { summary: '' }, /^has a name/],
    ['a place elsewhere', { place: 'checkpoint/raw' }, /^has a name/],
    [
      'a file out of the folder',
      { encode: (trained) => new Map([['../w', bytesOf(trained.tensors.get('fc.weight')!)]]) },
      /^writes one file/,
    ],
    [
      'a file without a name',
      { encode: (trained) => new Map([['', bytesOf(trained.tensors.get('fc.weight')!)]]) },
      /^writes one file/,
    ],
    [
      'the number of the export',
      { encode: () => Uint8Array.of(encoded++) },
      /^writes the same each time/,
    ],
    ['nothing of the network', { encode: () => Uint8Array.of(1) }, /^writes another network/],
    [
      'a mask that there must be',
      { encode: ({ tensors, mask }) => bytesOf(tensors.get([...mask!.keys()][0]!)!) },
      /^writes a dense/,
    ],
    [
      'weights scaled in place',
      {
        encode: ({ tensors }) => {
          const weight = tensors.get('fc.weight')!;
          weight.data.forEach((x, i) => (weight.data[i] = 2 * x));
          return bytesOf(weight);
        },
      },
      /^leaves the network/,
    ],
    [
      'a need that it does not tell',
      {
        encode: ({ network, tensors }) => {
          if (!network.graph) throw new WinnowError('UNSUPPORTED_MODEL', 'There is no graph.');
          return bytesOf(tensors.get('fc.weight')!);
        },
      },
      /^needs a graph/,
    ],
    ['a need that it has not', { needsGraph: true }, /^needs a graph/],
    [
      'files that it does not know again',
      { owns: (name) => name.startsWith('conv.') },
      /^takes its/,
    ],
    ['a claim to all files', { owns: () => true }, /^takes its/],
  ])('%s', async (_, change, failing) => {
    expect(await failedOf({ ...right, ...change })).toContainEqual(expect.stringMatching(failing));
  });

  it.each<[what: string, encoded: unknown]>([
    ['nothing', undefined],
    ['an empty folder', new Map()],
    ['text', '{}'],
    ['a promise', Promise.resolve(Uint8Array.of(1))],
  ])('%s written, in every check', async (_, wrong) => {
    const exporter = { ...right, encode: () => wrong as Uint8Array };
    expect(await failedOf(exporter)).toHaveLength(exporterConformance(exporter).length);
  });
});
