import assert from 'node:assert/strict';
import {
  type Exporter,
  type TrainedNetwork,
  isExportPlace,
  isFileName,
  isWinnowError,
} from '@winnow/plugin-api';
import { type Check, assertNamed, skipped } from './check.ts';
import { toyTrained } from './toy-trained.ts';

export interface ExporterSetting {
  /** Trained networks of your own, other ones for another seed, each a new one; a toy when left out. */
  readonly trained?: (seed: number) => TrainedNetwork;
}

const OWNS = 'takes its own files for an earlier export, and no others';

type Encoded = ReturnType<Exporter['encode']>;

const namesOf = (encoded: Encoded) => (ArrayBuffer.isView(encoded) ? [] : [...encoded.keys()]);

function encodedBy(exporter: Exporter, trained: TrainedNetwork): Encoded {
  const encoded = exporter.encode(trained);
  if (encoded instanceof Uint8Array) return encoded;
  assert.ok(encoded instanceof Map, 'it encodes neither a Uint8Array nor a Map of them');
  assert.ok(encoded.size > 0, 'it writes a folder without files');
  for (const [name, bytes] of encoded)
    assert.ok(bytes instanceof Uint8Array, `the file "${name}" is no Uint8Array`);
  return encoded;
}

/** The numbers of a network, its mask and what is said of it. */
const contentsOf = ({ tensors, mask, metadata, network }: TrainedNetwork) => ({
  tensors: [...tensors].map(([name, { shape, data }]) => [name, [...shape], [...data]]),
  mask: mask && [...mask].map(([name, { shape, kept }]) => [name, [...shape], [...kept]]),
  metadata: { ...metadata },
  network: JSON.stringify(network),
});

/** What an exporter must do: `for (const { name, skip, run } of exporterConformance(mine)) test(name, { skip }, run);` */
export function exporterConformance(
  exporter: Exporter,
  { trained = toyTrained }: ExporterSetting = {},
): Check[] {
  const encode = (given: TrainedNetwork) => encodedBy(exporter, given);
  const check = (name: string, look: (encoded: Encoded) => void): Check => ({
    name,
    run: () => Promise.resolve().then(() => look(encode(trained(1)))),
  });
  return [
    check('has a name, a summary and a place in export/', () => {
      assertNamed(exporter);
      assert.ok(isExportPlace(exporter.place), `"${exporter.place}" is no place in export/`);
    }),
    check('writes one file, or files that stay in their folder', (encoded) => {
      for (const name of namesOf(encoded))
        assert.ok(isFileName(name), `"${name}" is no name of a file in its folder`);
    }),
    check('writes the same each time', (encoded) => {
      assert.deepEqual(encode(trained(1)), encoded, 'another time it writes other bytes');
    }),
    check('writes another network otherwise', (encoded) => {
      assert.notDeepEqual(encode(trained(2)), encoded, 'it writes the same of another');
    }),
    check('writes a dense network', () => {
      encode({ ...trained(1), mask: undefined });
    }),
    check('leaves the network as it is', () => {
      const given = trained(1);
      const before = contentsOf(given);
      encode(given);
      assert.deepEqual(contentsOf(given), before, 'it changes what it is given');
    }),
    check('needs a graph where it says so alone', () => {
      const given = trained(1);
      const { graph: _, ...network } = given.network;
      const withoutGraph = () => encode({ ...given, network });
      if (!exporter.needsGraph) return void withoutGraph();
      assert.throws(
        withoutGraph,
        (error) => isWinnowError(error) && error.code === 'UNSUPPORTED_MODEL',
        'without a graph it does not throw UNSUPPORTED_MODEL',
      );
    }),
    exporter.owns
      ? check(OWNS, (encoded) => {
          for (const name of namesOf(encoded))
            assert.ok(exporter.owns!(name), `it writes "${name}", and takes it for another's`);
          assert.ok(!exporter.owns!('thesis.tex'), 'it takes thesis.tex for an earlier export');
        })
      : skipped(OWNS, 'it does not say which files are its own'),
  ];
}
