import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder, readIfThere, takeFileLock, writeWhole } from '@winnow/files/disk';
import { type RunJob, WinnowError } from '@winnow/plugin-api';
import * as z from 'zod';
import { CANCELLED, ENDINGS } from './task-script.ts';

const SUBMISSION = 'submission.json';
const LOCKED_MS = 100;

const job = z.object({
  name: z.string(),
  folder: z.string(),
  until: z.enum(['start', 'ticket', 'end']),
});
const submission = z.object({
  arrays: z.array(
    z.object({
      name: z.string(),
      /** Slurm's, once it has the array. */
      id: z.string().optional(),
      jobs: z.array(job),
    }),
  ),
});

/** What was handed over at a time, as its folder keeps it. */
export type Submission = z.output<typeof submission>;
export type HandedArray = Submission['arrays'][number];

/** A job at Slurm, and of its files what their names begin with. */
export interface HandedTask {
  readonly job: Pick<RunJob, 'name' | 'folder' | 'until'>;
  /** Folder of its submission. */
  readonly folder: string;
  readonly array: HandedArray;
  readonly index: number;
  readonly place: string;
}

/** Lets no other process hand over, or clear away, what is handed over, meanwhile. */
export async function withHandedTasks<T>(state: string, work: () => Promise<T>): Promise<T> {
  await makeFolder(state);
  for (;;) {
    const taken = await takeFileLock(join(state, 'lock'));
    if (!('lock' in taken)) {
      await sleep(LOCKED_MS);
      continue;
    }
    try {
      return await work();
    } finally {
      await taken.lock.release();
    }
  }
}

/** A folder for a submission of this name; absolute, since scripts are told of it. */
export const submissionFolder = (state: string, name: string) => resolve(state, name);

export const writeSubmission = (folder: string, content: Submission) =>
  writeWhole(join(folder, SUBMISSION), `${JSON.stringify(content)}\n`);

async function readSubmission(folder: string): Promise<Submission | undefined> {
  const path = join(folder, SUBMISSION);
  const bytes = await readIfThere(path);
  if (!bytes) return undefined;
  try {
    return submission.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (cause) {
    throw new WinnowError('BAD_STATE', `${path} is not what Winnow wrote.`, {
      hint: `Cancel the jobs of this study with scancel, and remove ${folder}.`,
      cause,
    });
  }
}

const namesIn = (folder: string) => readdir(folder).catch(() => []);
const TOLD = '.told';

/** All that is handed over, and of which nobody has been told what has come of it. Throws BAD_STATE. */
export async function handedTasks(state: string): Promise<HandedTask[]> {
  const tasks: HandedTask[] = [];
  for (const name of await namesIn(state)) {
    const folder = submissionFolder(state, name);
    const content = await readSubmission(folder);
    const told = new Set(await namesIn(folder));
    for (const array of content?.arrays ?? [])
      for (const [index, one] of array.jobs.entries()) {
        const own = `${array.name}-${index}`;
        if (!told.has(`${own}${TOLD}`))
          tasks.push({ job: one, folder, array, index, place: join(folder, own) });
      }
  }
  return tasks;
}

/** Remembers that somebody knows what has come of it. */
export async function markTold({ folder, place }: HandedTask): Promise<void> {
  if (existsSync(folder)) await writeFile(`${place}${TOLD}`, '');
}

/** Lets no task of a submission go on. */
export const markCancelled = (folder: string) => writeFile(join(folder, CANCELLED), '');

export const isCancelled = ({ folder }: HandedTask) => existsSync(join(folder, CANCELLED));

/** What a task, or Slurm of it, has written. */
export async function readOfTask(
  { place }: HandedTask,
  what: Exclude<keyof typeof ENDINGS, 'tasks'>,
): Promise<string | undefined> {
  const bytes = await readIfThere(`${place}${ENDINGS[what]}`);
  return bytes && Buffer.from(bytes).toString();
}

/** How many milliseconds ago this was asked of it first. */
export async function goneFor({ place }: HandedTask): Promise<number> {
  const path = `${place}.gone`;
  const since = await readIfThere(path);
  if (since) return Date.now() - Number(Buffer.from(since).toString());
  await writeFile(path, String(Date.now()));
  return 0;
}

/** Removes submissions all of whose tasks are told. */
export async function clearAway(state: string): Promise<void> {
  const kept = new Set((await handedTasks(state)).map(({ folder }) => folder));
  for (const name of await namesIn(state)) {
    const folder = submissionFolder(state, name);
    if (name !== 'lock' && !kept.has(folder)) await rm(folder, { recursive: true, force: true });
  }
}
