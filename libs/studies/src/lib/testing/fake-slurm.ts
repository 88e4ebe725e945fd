import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, rmSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlurmCommand } from '../execute/slurm/slurm-queue.ts';

interface FakeTask {
  readonly array: string;
  readonly name: string;
  readonly index: number;
  readonly after: readonly string[];
  readonly script: readonly string[];
  readonly output: string;
  state: 'PENDING' | 'RUNNING' | 'OVER';
  child?: ChildProcess;
}

/**
 * A cluster of this machine, which starts what waits whenever the queue is looked at. Its tasks find `squeue` and
 * `scontrol` in the folder.
 */
export class FakeSlurm {
  readonly #folder: string;
  readonly tasks: FakeTask[] = [];
  /** All that was asked, as command lines. */
  readonly asked: string[] = [];
  /** How many tasks are let run. */
  cores = 4;
  mostTasks = 1001;
  accounts: string | undefined;
  /** What fails, once. */
  fails: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const programs = {
      squeue: 'cat "$FAKE/state-$3" 2>/dev/null || echo RUNNING',
      scontrol: 'touch "$FAKE/requeue-$2"',
    };
    for (const [name, text] of Object.entries(programs)) {
      const path = join(this.#folder, name);
      await writeFile(path, `#!/bin/bash\n${text}\n`);
      await chmod(path, 0o755);
    }
  }

  readonly command: SlurmCommand = (program, args) => {
    this.asked.push([program, ...args].join(' '));
    if (this.fails === program) {
      this.fails = undefined;
      return Promise.reject(
        Object.assign(new Error('Command failed'), {
          stderr: `${program}: error: Slurm is down\n`,
        }),
      );
    }
    const answer = this.#answers[program]!(args);
    this.#advance();
    return Promise.resolve(answer);
  };

  readonly #answers: Readonly<Record<string, (args: readonly string[]) => string>> = {
    sbatch: (args) => this.#submit(args),
    squeue: () =>
      this.tasks
        .filter(({ state }) => state !== 'OVER')
        .map(({ array, index, state, name }) => `${array} ${index} ${state} ${name}\n`)
        .join(''),
    scontrol: () => `Configuration\nMaxArraySize            = ${this.mostTasks}\n`,
    scancel: (args) => {
      const [, state] = /^--state=(.*)/.exec(args[0]!)!;
      for (const task of this.tasks.filter(
        (one) => args.includes(one.array) && one.state === state,
      ))
        if (state === 'PENDING') task.state = 'OVER';
        else task.child!.kill('SIGTERM');
      return '';
    },
    sacct: () => {
      if (this.accounts === undefined) throw new Error('Slurm accounting storage is disabled');
      return this.accounts;
    },
  };

  #submit(args: readonly string[]): string {
    const valueOf = (name: string) =>
      args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
    const array = String(this.tasks.length + 1);
    const [, last = ''] = /-(\d+)/.exec(valueOf('array')!)!;
    for (let index = 0; index <= Number(last); index++)
      this.tasks.push({
        ...{ array, index, name: valueOf('job-name')!, state: 'PENDING' },
        after: valueOf('dependency')?.split(':').slice(1) ?? [],
        script: args.slice(-2),
        output: valueOf('output')!.replace('%a', String(index)).replaceAll('%%', '%'),
      });
    return `${array};cluster\n`;
  }

  #isOver = (id: string) =>
    this.tasks.every(({ array, state }) => array !== id || state === 'OVER');

  #advance(): void {
    for (const task of this.tasks) {
      const running = this.tasks.filter(({ state }) => state === 'RUNNING').length;
      if (task.state === 'PENDING' && running < this.cores && task.after.every(this.#isOver))
        this.#begin(task);
    }
  }

  #begin(task: FakeTask): void {
    const { array, index, script, output } = task;
    task.state = 'RUNNING';
    const id = `${array}_${index}`;
    const log = openSync(output, 'a');
    task.child = spawn('bash', script, {
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        PATH: `${this.#folder}:${process.env['PATH']}`,
        FAKE: this.#folder,
        SLURM_ARRAY_TASK_ID: String(index),
        SLURM_JOB_ID: id,
        SLURM_CPUS_PER_TASK: '3',
      },
    });
    task.child.on('close', () => {
      const requeued = join(this.#folder, `requeue-${id}`);
      task.state = existsSync(requeued) ? 'PENDING' : 'OVER';
      rmSync(requeued, { force: true });
      this.#advance();
    });
  }
}
