import { beforeEach, expect, it } from '@jest/globals';
import { RunFolder, memoryRunStore } from '@winnow/experiments';
import type { StudyRun } from './plan-study.ts';
import { msLeft } from './reckon-study.ts';

const PHASES = { pretrain: 1, search: 20, train: 300 };
const other = {} as StudyRun;

let run: StudyRun;
beforeEach(() => {
  run = { folder: new RunFolder(memoryRunStore()) } as StudyRun;
});

it('reckons all of a run that has nothing, but for what it takes from others', async () => {
  expect(await msLeft(run, {}, PHASES)).toBe(321);
  expect(await msLeft(run, { start: other }, PHASES)).toBe(320);
  expect(await msLeft(run, { ticket: other }, PHASES)).toBe(301);
  expect(await msLeft(run, { start: other, rounds: other }, PHASES)).toBe(300);
});

it('reckons no phase whose outcome a run has', async () => {
  await run.folder.store.write('start.safetensors', '');
  expect(await msLeft(run, {}, PHASES)).toBe(320);
  await run.folder.store.write('ticket.safetensors', '');
  expect(await msLeft(run, {}, PHASES)).toBe(300);
});
