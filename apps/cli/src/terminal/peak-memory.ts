import { readFileSync, writeFileSync } from 'node:fs';

/** Files of Linux, and of nobody else. */
const STATUS = '/proc/self/status';
const CLEAR = '/proc/self/clear_refs';

/** Says of CLEAR that the most memory is to be found anew: proc_pid_clear_refs(5). */
const PEAK = '5';

/** Elsewhere, or without the right to, nothing. */
const whereItCan = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

/** The most memory that this process has had resident so far, on Linux since `forgetPeakMemory`. */
export function peakMemoryBytes(): number {
  const status = whereItCan(() => readFileSync(STATUS, 'utf8')) ?? '';
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  return 1024 * (kibibytes === undefined ? process.resourceUsage().maxRSS : Number(kibibytes));
}

/** Has the most memory found from here on, where the system can. */
export function forgetPeakMemory(): void {
  whereItCan(() => writeFileSync(CLEAR, PEAK));
}

export function peakMemoryMiB(): number {
  return Math.round(peakMemoryBytes() / 2 ** 20);
}
