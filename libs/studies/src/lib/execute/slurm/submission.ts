import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder, writeWhole } from '@winnow/files/disk';
import type { ExecutorSetting, RunJob } from '@winnow/plugin-api';
import {
  type HandedTask,
  type Submission,
  submissionFolder,
  writeSubmission,
} from './handed-tasks.ts';
import { shellLine } from './shell-word.ts';
import type { SlurmOptions } from './slurm-options.ts';
import type { SlurmQueue } from './slurm-queue.ts';
import { type TaskArray, taskArrays } from './task-arrays.ts';
import { ENDINGS, taskScript } from './task-script.ts';

type Asked = Pick<ExecutorSetting, 'program' | 'words' | 'state'>;

const SCRIPT = 'task.sh';

/** A percent sign in it begins a pattern to Slurm. */
const ofSlurm = (path: string) => path.replaceAll('%', '%%');

/** What sbatch is told of an array, beside what stands in the script. */
function arrayArguments(
  { jobs }: TaskArray,
  place: string,
  name: string,
  after: readonly string[],
  { arrayLimit }: SlurmOptions,
): string[] {
  const limit = arrayLimit === undefined ? '' : `%${arrayLimit}`;
  return [
    `--job-name=${name}`,
    `--array=0-${jobs.length - 1}${limit}`,
    `--output=${ofSlurm(place)}-%a${ENDINGS.log}`,
    ...(after.length > 0 ? [`--dependency=afterany:${after.join(':')}`] : []),
  ];
}

/** A line a task: the folder of its run, and what carries it out. */
const taskLines = ({ jobs }: TaskArray, { program, words }: Asked) =>
  jobs.map((job) => shellLine([job.folder, ...program, ...words(job)]));

/**
 * Hands jobs over as arrays, of which the state tells before and after each, so that a process that dies between hands
 * nothing over unseen. `idsOf` gives arrays of before that a job waits for. Throws NO_SLURM, SLURM_FAILED.
 */
export async function submit(
  jobs: readonly RunJob[],
  setting: Asked & { readonly state: string },
  options: SlurmOptions,
  queue: SlurmQueue,
  idsOf: (job: RunJob) => readonly string[],
): Promise<Map<HandedTask, RunJob>> {
  const handed = new Map<HandedTask, RunJob>();
  if (jobs.length === 0) return handed;
  const arrays = taskArrays(jobs, await queue.mostTasks());
  const name = `winnow-${randomUUID().slice(0, 8)}`;
  const folder = submissionFolder(setting.state, name);
  await makeFolder(folder);
  const script = join(folder, SCRIPT);
  await writeWhole(script, taskScript(options));
  const content: Submission = {
    arrays: arrays.map((array, i) => ({
      name: `${name}-${i}`,
      jobs: array.jobs.map(({ name: called, folder: run, until }) => ({
        ...{ name: called, folder: run, until },
      })),
    })),
  };
  const places = content.arrays.map((array) => join(folder, array.name));
  for (const [i, array] of arrays.entries())
    await writeWhole(`${places[i]}${ENDINGS.tasks}`, `${taskLines(array, setting).join('\n')}\n`);
  await writeSubmission(folder, content);
  const ids = new Map<TaskArray, string>();
  for (const [i, array] of arrays.entries()) {
    const own = content.arrays[i]!;
    const place = places[i]!;
    const earlier = array.jobs.flatMap((job) => job.after.flatMap(idsOf));
    const after = [...array.after.map((other) => ids.get(other)!), ...earlier];
    const args = arrayArguments(array, place, own.name, [...new Set(after)], options);
    own.id = await queue.submit([...args, script, place]);
    ids.set(array, own.id);
    await writeSubmission(folder, content);
    for (const [index, job] of array.jobs.entries())
      handed.set({ job, folder, array: own, index, place: `${place}-${index}` }, job);
  }
  return handed;
}

/** What would be handed over, where arrays are as large as Slurm lets them be unless told otherwise. */
export function submissionText(
  jobs: readonly RunJob[],
  setting: Asked,
  options: SlurmOptions,
): string {
  const arrays = taskArrays(jobs, 1000);
  const folder = submissionFolder(setting.state ?? '', 'winnow');
  const told = arrays.map((array, i) => {
    const place = join(folder, `winnow-${i}`);
    const after = array.after.map((other) => `<id of winnow-${arrays.indexOf(other)}>`);
    const args = arrayArguments(array, place, `winnow-${i}`, after, options);
    const line = shellLine(['sbatch', ...args, join(folder, SCRIPT), place]);
    const tasks = taskLines(array, setting).map((text, index) => `#  ${index}: ${text}`);
    return [`# ${line}`, ...tasks].join('\n');
  });
  return [taskScript(options), ...told].join('\n');
}
