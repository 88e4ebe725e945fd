import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PruningRound, WinnowError } from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import { writeTicket } from '@winnow/tickets/files';
import { writeWhole } from '@winnow/files/disk';
import type { MultiplyAddsSpent, Phase, Timings } from './phase.ts';
import { assertPluginsUnchanged } from './plugin-changes.ts';
import {
  type RunConfig,
  assertComponentsUnchanged,
  firstDifference,
  runConfig,
} from './run-config.ts';
import type { RunResult } from './run-result.ts';

/** `rounds/NN.json` */
export interface RoundFacts {
  readonly round: number;
  readonly density: number;
  readonly kept: number;
  /** Of the network trained under the round's ticket, a fraction. */
  readonly validationAccuracy: number;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new WinnowError(
      'BAD_RUN',
      `${path} is not readable JSON (${(cause as Error).message}).`,
      {
        hint: 'Remove the run folder, or restore the file.',
        cause,
      },
    );
  }
}

/** A run on the disk. Every file is whole or absent, so what exists is done. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get start(): string {
    return this.file('start.safetensors');
  }
  get ticket(): string {
    return this.file('ticket.safetensors');
  }
  get scores(): string {
    return this.file('scores.safetensors');
  }
  get weights(): string {
    return this.file('weights.safetensors');
  }
  get frozen(): string {
    return this.file('frozen.safetensors');
  }
  get metrics(): string {
    return this.file('metrics.jsonl');
  }
  checkpoint(phase: Phase): string {
    return this.file(`checkpoint/${phase}.safetensors`);
  }

  /** Throws BAD_RUN where the file is there but is no run's. */
  async readConfig(): Promise<RunConfig | undefined> {
    const path = this.file('config.json');
    if (!existsSync(path)) return undefined;
    const parsed = runConfig.safeParse(await readJson(path));
    if (parsed.success) return parsed.data;
    throw new WinnowError('BAD_RUN', `${path} is not the configuration of a run of this version.`, {
      hint: 'Choose another --out.',
    });
  }

  /**
   * Makes the folder this configuration's, or checks that it is; returns what to go on with, in which components have the
   * options that they were first given. Throws RUN_FOLDER_TAKEN naming the first option that
   * differs, PLUGIN_CHANGED, OPTIONS_CHANGED, BAD_RUN, FILE_NOT_WRITABLE.
   */
  async claim(config: RunConfig): Promise<RunConfig> {
    const existing = await this.readConfig();
    if (!existing) {
      await writeWhole(this.file('config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
      await mkdir(this.file('checkpoint'), { recursive: true });
      return config;
    }
    assertPluginsUnchanged(existing, config.plugins, this.path);
    const difference = firstDifference(existing, config);
    if (!difference) {
      const { method, objective, model } = existing;
      return { ...config, method, ...(objective && { objective }), model };
    }
    assertComponentsUnchanged(existing, config);
    const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';
    throw new WinnowError(
      'RUN_FOLDER_TAKEN',
      `${this.path} holds a run with ${difference.path} = ${show(difference.before)}, and now it is ${show(difference.now)}.`,
      { hint: 'Choose another --out, or give the same options to go on with that run.' },
    );
  }

  /** A ticket on the way to the run's, and what it reached; the file comes last, so that what exists is whole. */
  async writeRound({ round, ticket, validationAccuracy }: PruningRound): Promise<void> {
    const name = `rounds/${String(round).padStart(2, '0')}`;
    const whole = new Ticket(ticket);
    await writeTicket(this.file(`${name}.safetensors`), whole);
    const facts: RoundFacts = {
      round,
      density: whole.density,
      kept: whole.kept,
      validationAccuracy,
    };
    await writeWhole(this.file(`${name}.json`), `${JSON.stringify(facts)}\n`);
  }

  /** What the method reached on the way, by round; nothing where it has no rounds of training. */
  async readRounds(): Promise<RoundFacts[]> {
    const folder = this.file('rounds');
    if (!existsSync(folder)) return [];
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const rounds = names.map(async (name) => (await readJson(join(folder, name))) as RoundFacts);
    return (await Promise.all(rounds)).sort((a, b) => a.round - b.round);
  }

  async readTimings(): Promise<Timings> {
    const path = this.file('timings.json');
    if (!existsSync(path)) return { pretrain: 0, search: 0, train: 0 };
    return (await readJson(path)) as Timings;
  }

  async writeTimings(timings: Timings): Promise<void> {
    await writeWhole(this.file('timings.json'), `${JSON.stringify(timings)}\n`);
  }

  async readMultiplyAdds(): Promise<MultiplyAddsSpent> {
    const path = this.file('multiply-adds.json');
    return existsSync(path) ? ((await readJson(path)) as MultiplyAddsSpent) : {};
  }

  async writeMultiplyAdds(phase: Phase, count: number | undefined): Promise<void> {
    const counts = { ...(await this.readMultiplyAdds()), [phase]: count };
    await writeWhole(this.file('multiply-adds.json'), `${JSON.stringify(counts)}\n`);
  }

  async readResult(): Promise<RunResult | undefined> {
    const path = this.file('result.json');
    return existsSync(path) ? ((await readJson(path)) as RunResult) : undefined;
  }

  async writeResult(result: RunResult): Promise<void> {
    await writeWhole(this.file('result.json'), `${JSON.stringify(result, undefined, 2)}\n`);
    await rm(this.file('checkpoint'), { recursive: true, force: true });
  }
}
