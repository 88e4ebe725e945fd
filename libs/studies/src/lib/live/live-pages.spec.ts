import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { parseHTML } from 'linkedom';
import { makeRun } from '../testing/made-run.ts';
import { LivePages } from './live-pages.ts';
import { LiveRuns } from './live-runs.ts';

const registry = new ComponentRegistry(
  [data, models, objectives, pruners].flatMap(({ components }) => components),
);
const HOSTILE = '<img src=x onerror=alert(1)>';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-pages-'));
});
afterAll(() => rm(root, { recursive: true }));

const make = (name: string, seed: number, accuracies?: [number, number]) =>
  makeRun({ root, name, seed, method: 'snip', density: 0.1, ...(accuracies && { accuracies }) });

it('shows what is done, under way, failed and waits, and a page of each', async () => {
  const done = await make('done', 1, [0.5, 0.4]);
  await done.writeBeside('result.json', {
    ...(await done.readResult()),
    multiplyAdds: { dense: 100, kept: 10 },
    bytes: { dense: 4000, sparse: 800, bitmask: 525 },
  });
  const [under, failed] = [await make('under way', 2), await make(HOSTILE, 3)];
  await make('waits', 4);
  const reason = `${HOSTILE} ended`;
  await failed.writeBeside('failure.json', { reason, log: ['a', HOSTILE], at: '' });
  await under.hold(async (held) => {
    await held.writeTimings({ pretrain: 30, search: 0, train: 60, evaluate: 0 });
    await held.writeProgress({ phase: 'train', step: 40, steps: 100, epoch: 3, epochs: 8 });
    const rows = [1, 40].map((step) =>
      JSON.stringify({ phase: 'train', step, epoch: 3, loss: 1 / step }),
    );
    await appendFile(under.metrics, rows.map((row) => `${row}\n`).join(''));
    const runs = (await LiveRuns.at([root])).views();
    // A minute past noon; the done run took 3.5 minutes, so that under way has 2 left, and the other 3.5.
    const now = () => new Date(2026, 10, 26, 12, 1).getTime();
    const pages = new LivePages({ title: HOSTILE, folders: [root], registry, now });
    const read = async (path: string) => {
      const html = (await pages.render(path, runs))!;
      expect(html).not.toContain('<img');
      const { document } = parseHTML(html);
      return (selector: string) => [...document.querySelectorAll(selector)];
    };
    const all = await read('');
    const texts = (selector: string) => all(selector).map(({ textContent }) => textContent);
    expect(texts('h1')).toEqual([HOSTILE]);
    expect(texts('dl div').map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
      'done1 of 4',
      'under way1',
      'failed1',
      'about left6 minuntil 12:06',
    ]);
    expect(texts('h2').slice(0, 3)).toEqual(['Under way', 'Failed', 'Accuracy']);
    expect(texts('tbody tr')[0]).toBe('under waytrain4 of 840 %1.501.50');
    expect(texts('tbody tr')[1]).toBe(HOSTILE + reason);
    expect(all('[role=img]')).toHaveLength(2);

    const pathOf = new Map(all('a').map((a) => [a.textContent, a.getAttribute('href')!]));
    const page = async (name: string) => read(decodeURIComponent(pathOf.get(name)!));
    const one = await page('under way');
    expect(one('nav a').map((a) => a.getAttribute('href'))).toEqual(['../']);
    expect(one('header p')[0]!.textContent).toContain('train, epoch 4 of 8');
    expect(one('pre code')[0]!.textContent).toContain('npx winnow run --dataset digits');
    const other = await page(HOSTILE);
    expect(other('pre code')[0]!.textContent).toBe(`a\n${HOSTILE}`);
    expect((await page('50.00 %'))('header p')[0]!.textContent).toContain('50.00');
    expect(await pages.render('runs/none', runs)).toBeUndefined();
    await rm(done.path, { recursive: true });
    const gone = await page('50.00 %');
    expect(gone('header p')[0]!.textContent).toContain('There is no run in');
    expect(gone('nav a').map((a) => a.getAttribute('href'))).toEqual(['../']);
  });
});

it('says when it will be known how long the rest takes', async () => {
  const place = await mkdtemp(join(tmpdir(), 'winnow-pages-'));
  const told = async () => {
    const runs = (await LiveRuns.at([place])).views();
    const pages = new LivePages({ title: 'a', folders: [place], registry, now: () => 0 });
    const { document } = parseHTML((await pages.render('', runs))!);
    return [...document.querySelectorAll('dl div')].at(-1)!.textContent;
  };
  await makeRun({ root: place, name: 'waits', seed: 1, method: 'snip', density: 0.1 });
  expect(await told()).toContain('known once a run is done');
  const accuracies = [0.5, 0.5] as const;
  await makeRun({ root: place, name: 'done', seed: 2, method: 'snip', density: 0.1, accuracies });
  expect(await told()).toContain('known while a run is under way');
  await rm(place, { recursive: true });
});
