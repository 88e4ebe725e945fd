import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import type { NamedRun } from './named-run.ts';
import { processExecutor } from './process-executor.ts';

/** Does what the folder's name says, and notes what it was told. */
const ENTRY = `
import { appendFileSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
const [, , ...words] = process.argv;
const folder = words[words.indexOf('resume') + 1];
const log = (text) => appendFileSync(dirname(folder) + '/log', basename(folder) + ' ' + text + '\\n');
log('begins');
process.send({ type: 'phase', phase: 'search' });
const what = basename(folder).replace(/^\\w+-/, '');
if (what.startsWith('words')) log(words.join(' ').replace(folder, 'FOLDER') + ' ' + process.env.WINNOW_THREADS);
if (what.startsWith('fails')) {
  // Not before the other one is ready to save.
  while (!readFileSync(dirname(folder) + '/log', 'utf8').includes('fail-waits is ready'));
  process.stderr.write('note: something\\nerror [BAD_DATA]: Pixels are missing.\\nnote: something else\\n');
  process.exitCode = 1;
}
if (what.startsWith('dies')) process.kill(process.pid, 'SIGKILL');
if (what.startsWith('waits')) {
  process.on('SIGINT', () => { log('saves'); process.exit(130); });
  setInterval(() => {}, 1000);
  log('is ready');
}
process.send({ type: 'round', round: 1 }, () => what.startsWith('waits') || process.disconnect());
`;

let folder: string;
let entry: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-executor-'));
  entry = join(folder, 'entry.mjs');
  await writeFile(entry, ENTRY);
});
afterAll(() => rm(folder, { recursive: true }));

/** Carries out runs of these names; stops once so many have told of a round. */
async function carryOut(
  test: string,
  names: readonly string[],
  parallel: number,
  rounds = Infinity,
) {
  const runs = names.map((name): NamedRun => {
    const place = new RunFolder(join(folder, `${test}-${name}`));
    return { name: `the ${name}`, folder: place, config: {} as RunConfig };
  });
  const controller = new AbortController();
  const told: string[] = [];
  const outcome = await processExecutor(entry)(runs, {
    until: 'ticket',
    parallel,
    plugins: ['a.mjs', 'b.mjs'],
    signal: controller.signal,
    onEvent: ({ name }, { type }) => {
      told.push(`${name}: ${type}`);
      if (told.filter((line) => line.endsWith('round')).length === rounds) controller.abort();
    },
    onDone: ({ name }) => void told.push(`${name} is done`),
  }).catch((error: unknown) => error as Error & { code: string });
  const log = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');
  const own = log
    .filter((line) => line.startsWith(test))
    .map((line) => line.slice(test.length + 1));
  return { told, outcome, log: own };
}

it('carries runs out in their order, each in a process that is told what to do', async () => {
  const { told, outcome, log } = await carryOut('order', ['words', 'two'], 1);
  expect(outcome).toBeUndefined();
  expect(told).toEqual(
    ['the words', 'the two'].flatMap((name) => [
      `${name}: phase`,
      `${name}: round`,
      `${name} is done`,
    ]),
  );
  const words = '--no-config resume FOLDER --until ticket --json --plugin a.mjs --plugin b.mjs';
  expect(log.map((line) => line.replace(/ \d+$/, ''))).toEqual([
    'words begins',
    `words ${words}`,
    'two begins',
  ]);
});

it('tells the error of a run that fails, begins no other, and lets those under way save', async () => {
  const { outcome, log } = await carryOut('fail', ['waits', 'fails', 'never'], 2);
  expect(outcome).toMatchObject({
    code: 'JOB_FAILED',
    message: 'Run "the fails" failed: error [BAD_DATA]: Pixels are missing.',
  });
  expect([...log].sort()).toEqual([
    'fails begins',
    'waits begins',
    'waits is ready',
    'waits saves',
  ]);
});

it('names the signal that ended a run', async () => {
  expect((await carryOut('kill', ['dies'], 1)).outcome).toMatchObject({
    code: 'JOB_FAILED',
    message: 'Run "the dies" failed: it was ended by SIGKILL.',
  });
});

it('is over once all have saved their state, when it is stopped', async () => {
  const { outcome, log } = await carryOut('stop', ['waits', 'waits2', 'never'], 2, 2);
  expect(outcome).toMatchObject({ code: 'INTERRUPTED' });
  expect(log.filter((line) => line.endsWith('saves'))).toHaveLength(2);
  expect(log).not.toContain('never begins');
});
