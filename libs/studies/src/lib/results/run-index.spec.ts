import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { makeRun } from '../testing/made-run.ts';
import { parseFilter } from '../tidy/run-filter.ts';
import { indexRuns } from './run-index.ts';

let root: string;
const SNIP = { method: 'snip', density: 0.1 };
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-index-'));
  const make = (name: string, seed: number) => makeRun({ root, ...SNIP, name, seed });
  await makeRun({ root, ...SNIP, name: 'a', seed: 1, accuracies: [0.5, 0.4] });
  await (await make('b/new', 2)).writeBeside('shares.json', { start: '../../a' });
  await (await make('c/begun', 3)).writeEnvironments([{ node: '22' }]);
  const failed = await make('d', 4);
  await failed.writeEnvironments([{ node: '22' }]);
  await failed.writeBeside('failure.json', { reason: 'The node went down.', log: [], at: '' });
  await writeFile((await make('e', 5)).file('result.json'), '{}');
  await mkdir(join(root, 'f'));
  await writeFile(join(root, 'f', 'config.json'), '{"name": "someone else"}');
});
afterAll(() => rm(root, { recursive: true }));

const states = async (...where: string[]) =>
  (await indexRuns([root], where.map(parseFilter))).map(({ folder, state }) => [
    folder.slice(root.length + 1),
    state,
  ]);

it('tells the state of every run, where one is damaged too', async () => {
  expect(await states()).toEqual([
    ['a', 'done'],
    ['b/new', 'new'],
    ['c/begun', 'begun'],
    ['d', 'failed'],
    ['e', 'unreadable'],
    ['f', 'unreadable'],
  ]);
  const [finished, , , failed, damaged] = await indexRuns([root]);
  expect(finished).toMatchObject({ testAccuracy: 0.5 });
  expect(finished!.settings.get('seed')).toBe(1);
  expect(failed!.reason).toBe('The node went down.');
  expect(damaged!.reason).toContain('result.json');
});

it('knows a run that somebody works on, whatever it was before', async () => {
  const held = ['c/begun', 'd'].map((name) => new RunFolder(join(root, name)));
  await held[0]!.hold(() =>
    held[1]!.hold(async () => {
      expect((await states()).slice(2, 4)).toEqual([
        ['c/begun', 'running'],
        ['d', 'running'],
      ]);
    }),
  );
});

it('takes the state for a setting', async () => {
  expect(await states('state=failed,begun', 'seed<4')).toEqual([['c/begun', 'begun']]);
});

it('refuses a state that there is none of', async () => {
  await expect(states('state=failed,begum')).rejects.toMatchObject({
    code: 'UNKNOWN_NAME',
    message: expect.stringContaining('in the state "begum". Did you mean "begun"?'),
  });
});

it('tells of a damaged run that is given itself, and of the others', async () => {
  const given = ['a', 'e', 'f'].map((name) => join(root, name));
  expect((await indexRuns(given)).map(({ state }) => state)).toEqual([
    ...['done', 'unreadable', 'unreadable'],
  ]);
});

it('has nothing to say of settings where there is no run', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'winnow-empty-'));
  expect(await indexRuns([empty], [parseFilter('state=failed')])).toEqual([]);
  await rm(empty, { recursive: true });
});
