import * as z from 'zod';
import { shellWord } from './shell-word.ts';

/** For one word of sbatch's: a line of a script can hold it. */
const word = z.coerce.string().regex(/^[^\s\p{Cc}]+$/u, 'is not one word');
const line = z.string().regex(/^[^\p{Cc}]+$/u, 'is not one line');

export const slurmOptions = z.strictObject({
  partition: word.optional().describe('where jobs wait'),
  account: word.optional().describe('whom they are charged to'),
  qos: word.optional().describe('quality of service'),
  time: word
    .optional()
    .describe(
      'limit of a job, in minutes or as 12:00:00; a run that reaches it goes on in another',
    ),
  memory: word.optional().describe('of a job, in megabytes or as 4G'),
  cpus: z.int().min(1).default(1).describe('cores of a job'),
  gpus: word.optional().describe('GPUs of a job, as 1 or a100:1'),
  constraint: word.optional().describe('features of nodes'),
  arrayLimit: z
    .int()
    .positive()
    .optional()
    .describe('jobs of an array that run at a time (default: as many as Slurm lets)'),
  setup: z
    .array(line)
    .default([])
    .describe('line of bash before the run, such as module load cuda'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'is no name of a variable'), z.coerce.string())
    .default({})
    .describe('variables of the run'),
  sbatch: z
    .array(line.regex(/^--/, 'does not begin with --'))
    .default([])
    .describe('further argument of sbatch, such as --exclude=node7'),
  graceSeconds: z
    .int()
    .min(1)
    .default(120)
    .describe('seconds before its time limit at which a run is told to save its state'),
  pollSeconds: z.number().positive().default(10).describe('seconds between looks at the queue'),
});

export type SlurmOptions = z.output<typeof slurmOptions>;

/** What stands at the head of a script for sbatch. */
export function sbatchLines(options: SlurmOptions): string[] {
  const { partition, account, qos, time, memory, cpus, gpus, constraint } = options;
  const asked = [
    ['partition', partition],
    ['account', account],
    ['qos', qos],
    ['time', time],
    ['mem', memory],
    ['ntasks', '1'],
    ['cpus-per-task', String(cpus)],
    ['gres', gpus && `gpu:${gpus}`],
    ['constraint', constraint],
    ['signal', `B:TERM@${options.graceSeconds}`],
  ] as const;
  const own = asked.flatMap(([name, value]) => (value ? [`--${name}=${value}`] : []));
  return [...own, '--requeue', '--open-mode=append', ...options.sbatch].map(
    (argument) => `#SBATCH ${shellWord(argument)}`,
  );
}
