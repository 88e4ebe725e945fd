import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportTable } from '@winnow/report';
import type { ComparedTicket, Comparison } from './compare-tickets.ts';
import { writeComparison } from './compare-report.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'winnow-comparison-'));
});
afterAll(() => rm(out, { recursive: true }));

const ticket = (label: string, seed: number, loss: number | null): ComparedTicket => ({
  label,
  method: 'snip',
  density: 0.1,
  kept: 10,
  seed,
  folder: '/runs',
  searchMinutes: 1,
  searchMultiplyAdds: 1,
  values: { loss },
});
const comparison = (tickets: readonly ComparedTicket[]): Comparison => ({
  model: 'resnet8',
  dataset: 'digits',
  start: 'init',
  rewindEpochs: 0,
  backend: 'wasm',
  images: 10,
  batchSize: 5,
  trainImages: 20,
  objectives: ['loss'],
  objectiveOptions: { loss: {} },
  skipped: [{ objective: 'feature', reason: 'mlp shows no activations.' }],
  notes: [],
  tickets,
  dense: [1, 2, 3].map((seed) => ({ seed, values: { loss: null } })),
});

describe('writeComparison', () => {
  it('leaves the picture out where no value is finite', async () => {
    const text = await writeComparison(comparison([ticket('snip', 1, null)]), out);
    expect(text).toContainEqual(expect.stringContaining('no objective has a finite value to draw'));
    expect(existsSync(join(out, 'compare.png'))).toBe(false);
    for (const file of ['compare.json', 'compare.csv', 'report.html'])
      expect((await readFile(join(out, file), 'utf8')).length).toBeGreaterThan(0);
  });

  it('says of every mean over how many values it is, infinite ones left out', async () => {
    const tickets = [ticket('snip', 1, 2), ticket('snip', 2, 3), ticket('snip', 3, null)];
    const [, , table, told] = await writeComparison(comparison(tickets), out);
    expect(told).toMatch(/^Means of 2 to 3 seeds, over /);
    expect(table).toEqual({
      columns: ['method', 'n', 'minutes', 'multiply-adds', 'loss'],
      rows: [
        ['snip', '3', '1.00', '1', '2.50 (n = 2)'],
        ['dense', '3', '', '', '–'],
      ],
    });
  });

  it('tells no multiply-adds of a search whose run does not', async () => {
    const untold = { ...ticket('snip', 1, 2), searchMultiplyAdds: null };
    const countOf = async (...tickets: ComparedTicket[]) => {
      const [, , table] = await writeComparison(comparison(tickets), out);
      return (table as ReportTable).rows[0]![3];
    };
    expect(await countOf(untold, ticket('snip', 2, 2))).toBe('1 (n = 1)');
    expect(await countOf(untold)).toBe('–');
    const [, line] = (await readFile(join(out, 'compare.csv'), 'utf8')).split('\n');
    expect(line).toBe('"snip","snip",,0.1,10,1,1,,2');
  });

  it('makes no formula of a label', async () => {
    await writeComparison(comparison([ticket('=1+1', 1, -2)]), out);
    const [, line] = (await readFile(join(out, 'compare.csv'), 'utf8')).split('\n');
    expect(line).toBe(`"'=1+1","snip",,0.1,10,1,1,1,-2`);
  });

  it('passes on what versions differ', async () => {
    const note = 'Not all runs are of one version of node: 20 in snip; 22 in grasp.';
    const told = { ...comparison([ticket('snip', 1, 2)]), notes: [note] };
    expect(await writeComparison(told, out)).toContain(note);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(note);
    await writeComparison(comparison([{ ...ticket('snip', 1, 2), versions: 'node 20' }]), out);
    expect((await readFile(join(out, 'compare.csv'), 'utf8')).split('\n').slice(0, 2)).toEqual([
      'label,method,objective,density,kept,seed,versions,search_minutes,search_multiply_adds,loss',
      '"snip","snip",,0.1,10,1,"node 20",1,1,2',
    ]);
  });

  it('says which objectives it left out, and why', async () => {
    const note = 'Left out: feature, since mlp shows no activations.';
    expect(await writeComparison(comparison([ticket('snip', 1, 2)]), out)).toContain(note);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(note);
  });

  it('says how many seeds the methods have, where they differ', async () => {
    const tickets = [ticket('snip', 1, 2), ticket('snip', 2, 3), ticket('grasp', 3, 1)];
    const text = await writeComparison(comparison(tickets), out);
    expect(text).toContainEqual(expect.stringContaining('Means of 1 to 2 seeds,'));
    expect(text).toContain('Missing seeds: snip at 10 %: 3; grasp at 10 %: 1, 2.');
    expect(existsSync(join(out, 'compare.png'))).toBe(true);
    const single = await writeComparison(comparison([ticket('snip', 1, 2)]), out);
    expect(single).toContainEqual(expect.stringMatching(/^Of 1 seed, over /));
  });
});
