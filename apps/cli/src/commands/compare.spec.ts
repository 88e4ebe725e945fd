import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors } from '@winnow/files/disk';
import { version } from '../composition/version.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(120_000);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-compare-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Comparison {
  tickets: {
    label: string;
    seed: number;
    folder: string;
    searchMultiplyAdds: number;
    values: Record<string, number>;
  }[];
  dense: { values: Record<string, number> }[];
}

const json = async (...words: string[]) => {
  const { status, stdout, stderr } = await runWinnow(...words, '--json');
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
};

describe('winnow compare', () => {
  // All training images in one batch, as `winnow objective` takes them.
  const setting = '--dataset digits --model resnet8 --batch-size 1294 --images 1294 --epochs 2';
  const words = () =>
    `compare ${setting} --methods magnitude,saliency:loss --density 0.05 --seeds 5 --start rewind --rewind-epochs 1 --objectives kl,loss --parallel 2`
      .split(' ')
      .concat('--out', dir);
  let comparison: Comparison;

  it('gives the values that `winnow objective` gives, for tickets and for all weights', async () => {
    comparison = (await json(...words())) as Comparison;
    expect(comparison.tickets.map(({ label }) => label)).toEqual(['magnitude', 'saliency (loss)']);
    const ask = 'objective --dataset digits --model resnet8 --objectives kl,loss'.split(' ');
    const weights = ['--weights', join(comparison.tickets[0]!.folder, 'start.safetensors')];
    for (const { folder, values } of comparison.tickets) {
      const mask = ['--mask', join(folder, 'ticket.safetensors')];
      const { objectives } = (await json(...ask, ...weights, ...mask)) as {
        objectives: Record<string, number>;
      };
      for (const name of ['kl', 'loss']) expect(values[name]).toBeCloseTo(objectives[name]!, 4);
    }
    const { objectives } = (await json(...ask, ...weights)) as {
      objectives: Record<string, number>;
    };
    expect(comparison.dense[0]!.values['loss']).toBeCloseTo(objectives['loss']!, 4);
  });

  it('counts the search alone, and shares the start among runs that have the same', async () => {
    const [magnitude, saliency] = comparison.tickets;
    expect(magnitude!.searchMultiplyAdds).toBe(0);
    expect(saliency!.searchMultiplyAdds).toBeGreaterThan(0);
    const starts = comparison.tickets.map(({ folder }) =>
      readSafetensors(join(folder, 'start.safetensors')),
    );
    const [one, other] = await Promise.all(starts);
    expect(other!.tensors).toEqual(one!.tensors);
    const spent = comparison.tickets.map(({ folder }) =>
      readFile(join(folder, 'multiply-adds.json'), 'utf8'),
    );
    const [a, b] = (await Promise.all(spent)).map(
      (text) => JSON.parse(text) as { pretrain: number },
    );
    expect(a!.pretrain).toBeGreaterThan(0);
    expect(b!.pretrain).toBe(a!.pretrain);
  });

  it('finds everything done the second time, by flags or by folders, and writes a table', async () => {
    expect(await json(...words())).toEqual(comparison);
    const folders = comparison.tickets.map(({ folder }) => folder);
    const options = ['--images', '1294', '--objectives', 'kl,loss', '--out', join(dir, 'again')];
    expect(await json('compare', ...folders, ...options)).toEqual(comparison);
    const [head, ...rows] = (await readFile(join(dir, 'compare.csv'), 'utf8')).trim().split('\n');
    expect(head).toBe(
      'label,method,objective,density,kept,seed,search_minutes,search_multiply_adds,kl,loss',
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^"magnitude","magnitude",,0\.05,4877,5,/);
  });

  it('keeps what it has computed over other images', async () => {
    const { folder } = comparison.tickets[0]!;
    const valuesOf = async () => {
      const text = await readFile(join(folder, 'objectives.json'), 'utf8');
      return (JSON.parse(text) as { values: object[] }).values;
    };
    const before = await valuesOf();
    expect(before).toMatchObject([
      { images: 1294, versions: { winnow: version() }, ticket: { kl: expect.any(Number) } },
    ]);
    const trial = ['--images', '100', '--objectives', 'loss', '--out', join(dir, 'trial')];
    await json('compare', folder, ...trial);
    expect(await valuesOf()).toMatchObject([
      ...before,
      { images: 100, ticket: { loss: expect.any(Number) } },
    ]);
  });

  it('says what cannot be compared', async () => {
    const error = async (...given: string[]) => (await runWinnow('compare', ...given)).stderr;
    expect(await error()).toContain('nothing to compare');
    expect(await error('--dataset', 'digits', '--methods', 'snip:kl')).toContain(
      '[OPTION_NOT_USED]: Method "snip" follows no objective ("kl")',
    );
    expect(await error(comparison.tickets[0]!.folder, '--epochs', '3')).toContain(
      '--epochs is for',
    );
    expect(await error('--dataset', 'digits', '--methods', 'cts:kl:foo')).toContain(
      '"cts:kl:foo" has more than one objective',
    );
    const tiny = ['--density', '0.1,0.0000001', '--out', join(dir, 'tiny')];
    expect(await error('--dataset', 'digits', '--model', 'resnet8', ...tiny)).toContain(
      '[EMPTY_TICKET]',
    );
    expect(existsSync(join(dir, 'tiny'))).toBe(false);
    expect(await error('--dataset', 'digits', '--density', '1')).toContain('nothing to search for');
  });
});
