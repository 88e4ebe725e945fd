import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, notWritable } from '@winnow/files/disk';
import { type EventMessage, type SummaryValue, encodeEvent } from './event-messages.ts';
import { tfRecord } from './tf-record.ts';

/** The version from which on a START takes back what came before it. */
const VERSION = 'brain.Event:2';
const START = 1;

const NAME = /^events\.out\.tfevents\.(\d+)\.(\d{3})\./;

/** A file that is read after those that are there: TensorBoard goes by the order of names. */
async function nextFile(folder: string, nowMs: number): Promise<string> {
  const times = (await readdir(folder)).flatMap((name) => {
    const [, seconds, ms] = NAME.exec(name) ?? [];
    return seconds === undefined ? [] : [Number(seconds + ms)];
  });
  const ms = String(Math.max(nowMs, ...times.map((time) => time + 1))).padStart(13, '0');
  return join(folder, `events.out.tfevents.${ms.slice(0, -3)}.${ms.slice(-3)}.winnow`);
}

/**
 * A folder of event files, which TensorBoard calls a run. It begins a file of its own, and with it takes back what earlier
 * ones hold from its first step on: steps that are done again are there once. What is added is written behind the
 * caller's back, in order.
 */
export class EventFolder {
  readonly #folder: string;
  /** Milliseconds since 1970. */
  readonly #now: () => number;
  #file: string | undefined;
  #pending: Uint8Array[] = [];
  #isBegun = false;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Throws FILE_NOT_WRITABLE where what was added before could not be written. */
  add(step: number, value: readonly SummaryValue[]): void {
    if (this.#failure) throw this.#failure.error;
    const wallTime = this.#now() / 1000;
    if (!this.#isBegun) {
      this.#push({ wallTime, fileVersion: VERSION });
      this.#push({ wallTime, step, sessionLog: { status: START } });
      this.#isBegun = true;
    }
    this.#push({ wallTime, step, summary: { value } });
    this.#writing ??= this.#write();
  }

  /** Waits until all is written. Throws FILE_NOT_WRITABLE. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure.error;
  }

  #push(event: EventMessage): void {
    this.#pending.push(tfRecord(encodeEvent(event)));
  }

  async #write(): Promise<void> {
    try {
      if (this.#file === undefined) {
        await makeFolder(this.#folder);
        this.#file = await nextFile(this.#folder, Math.round(this.#now()));
      }
      while (this.#pending.length > 0)
        await appendFile(this.#file, Buffer.concat(this.#pending.splice(0)));
    } catch (cause) {
      this.#failure = { error: notWritable(this.#file ?? this.#folder, cause) };
    }
    this.#writing = undefined;
  }
}
