import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WinnowError } from '@winnow/plugin-api';

/** Runs a program of Slurm's, and gives what it writes to standard output. Throws as Node's `execFile` does. */
export type SlurmCommand = (program: string, args: readonly string[]) => Promise<string>;

const execute = promisify(execFile);

/** What a queue of a hundred thousand tasks takes. */
const MOST_BYTES = 2 ** 25;

export const slurmCommand: SlurmCommand = async (program, args) =>
  (await execute(program, args, { maxBuffer: MOST_BYTES })).stdout;

/** Where a task stands in the queue. */
export interface QueuedTask {
  /** Of its array. */
  readonly id: string;
  /** Of its array. */
  readonly name: string;
  readonly index: number;
  readonly state: 'waiting' | 'running';
}

const RUNNING = ['RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT'];

/** Of Slurm's defaults; what the cluster has is asked. */
const USUAL_ARRAY = 1000;

/** The queue of a cluster, by the commands of Slurm. All throw NO_SLURM and SLURM_FAILED. */
export class SlurmQueue {
  readonly #command: SlurmCommand;

  constructor(command: SlurmCommand) {
    this.#command = command;
  }

  async #run(program: string, ...args: readonly string[]): Promise<string> {
    try {
      return await this.#command(program, args);
    } catch (cause) {
      const { code, stderr = '', message } = cause as Error & { code?: unknown; stderr?: string };
      if (code === 'ENOENT')
        throw new WinnowError('NO_SLURM', `There is no ${program} here.`, {
          hint: 'Run this where jobs are submitted, or give --executor local.',
          cause,
        });
      const said = stderr.trim().split('\n').at(-1) || message;
      throw new WinnowError('SLURM_FAILED', `${program} failed (${said}).`, {
        hint: 'What was handed over before goes on; run the same command again for the rest.',
        cause,
      });
    }
  }

  /** Hands over an array, and gives its id. */
  async submit(args: readonly string[]): Promise<string> {
    const said = await this.#run('sbatch', '--parsable', ...args);
    return said.trim().split(';')[0]!;
  }

  /** Tasks of arrays of these names that are not over. */
  async tasks(names: readonly string[]): Promise<QueuedTask[]> {
    if (names.length === 0) return [];
    const how = ['-h', '-r', `--name=${names.join(',')}`, '-o', '%F %K %T %j'];
    const lines = (await this.#run('squeue', ...how)).split('\n').filter(Boolean);
    return lines.map((line) => {
      const [id = '', index, state = '', name = ''] = line.trim().split(/\s+/);
      return {
        ...{ id, name, index: Number(index) },
        state: RUNNING.includes(state) ? 'running' : 'waiting',
      };
    });
  }

  /** Removes what waits, and tells what runs to stop, however long that takes. */
  async cancel(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#run('scancel', '--state=PENDING', ...ids);
    await this.#run('scancel', '--state=RUNNING', '--batch', '--signal=TERM', ...ids);
  }

  /** How many tasks an array may have here. */
  async mostTasks(): Promise<number> {
    const told = await this.#run('scontrol', 'show', 'config');
    return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(told)?.[1]) || USUAL_ARRAY;
  }

  /** How Slurm says that a task ended, where it keeps accounts: `TIMEOUT`. */
  async accountOf(id: string, index: number): Promise<string | undefined> {
    const which = `${id}_${index}`;
    const told = await this.#run('sacct', '-n', '-P', '-X', '-o', 'State', '-j', which).catch(
      () => '',
    );
    return /^[A-Z_]+/.exec(told)?.[0];
  }
}
