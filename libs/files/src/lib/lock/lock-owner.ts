import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** The process that holds a lock, as the lock's file has it. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** When it took the lock, ISO 8601. */
  readonly since: string;
  /** Where its number means this process: host, boot and, in containers, name space. */
  readonly machine: string;
  /** When the process began, in whatever unit its system tells; numbers of processes are used again. */
  readonly started?: string | undefined;
  /** Of this taking of the lock alone. */
  readonly token: string;
}

const orNothing = (text: Promise<string>) => text.catch(() => '');

async function machineHere(): Promise<string> {
  const [boot, names] = await Promise.all([
    orNothing(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    orNothing(readlink('/proc/self/ns/pid')),
  ]);
  return [hostname(), boot.trim(), names].join(' ').trim();
}

/** A process's start, undefined where the system does not tell; of a dead one that nobody waited for, no start. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const stat = await orNothing(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (stat) {
    // The name, in parentheses, may hold anything; after it come the state and, as the 20th, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : fields[19];
  }
  const told = promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return (await orNothing(told.then(({ stdout }) => stdout.trim()))) || undefined;
}

/** As the owner of a lock taken now. */
export async function thisProcess(): Promise<LockOwner> {
  const { pid } = process;
  const [machine, started] = await Promise.all([machineHere(), startOf(pid)]);
  const since = new Date().toISOString();
  return { host: hostname(), pid, since, machine, started, token: randomUUID() };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether an owner still runs; undefined where that cannot be seen from here. */
export async function runs(
  { machine, pid, started }: LockOwner,
  here: LockOwner,
): Promise<boolean | undefined> {
  if (machine !== here.machine) return undefined;
  if (!exists(pid)) return false;
  const now = await startOf(pid);
  return started === undefined || now === undefined || started === now;
}
