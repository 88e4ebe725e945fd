import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '@winnow/files';
import type { RunEvent, RunPhase } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { ablationFolder } from './ablation.ts';
import type { RunPlan, RunRequest } from './plan-run.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import type { RunStore } from './store/run-store.ts';
import { ManualClock, attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** With all phases, of four steps each and three of evaluation. */
const CTS: Partial<RunRequest> = { start: 'rewind', options: { searchEpochs: 1 } };
const LTR: Partial<RunRequest> = { method: 'ltr', epochs: 1, options: { rate: 0.7 } };
const PLANS: [string, Partial<RunRequest>][] = [
  ['cts', CTS],
  ['random with a learning curve', { method: 'random', start: 'rewind', validateEvery: 1 }],
  ['ltr', LTR],
  ['snip', { method: 'snip', start: 'rewind', options: { examplesPerClass: 2 } }],
  ['dense', { method: 'dense', density: 1 }],
];

type Files = Map<string, Uint8Array>;
const folderOf = (files: Files) => new RunFolder(memoryRunStore(files, 'run'));
/** Files by name: what is JSON as it reads, the others by their hash. */
const contents = (files: Files) =>
  Object.fromEntries(
    [...files].map(([name, bytes]) => [
      name,
      /json/.test(name) ? new TextDecoder().decode(bytes) : sha256(bytes),
    ]),
  );

/** Every file of a run that is never stopped, and what it tells. */
async function wholeRun(plan: RunPlan) {
  const files: Files = new Map();
  const { result, events } = await attemptToy(plan, folderOf(files));
  return { files, result, events };
}

const stepsOf = (events: readonly RunEvent[], of: (phase: RunPhase) => boolean = () => true) =>
  events.filter((event) => event.type === 'step').filter(({ phase }) => of(phase));

const isTraining = (phase: RunPhase) => phase !== 'evaluate';

describe.each(PLANS)('a run of %s that is interrupted', (_, request) => {
  it('after any of its steps ends with the same bytes in every file, each step told once', async () => {
    const plan = await planToy(request);
    const whole = await wholeRun(plan);
    const count = stepsOf(whole.events).length;
    // Once the last batch is evaluated there is nothing left to interrupt.
    for (let n = 1; n < count; n++) {
      const files: Files = new Map();
      const first = await attemptToy(plan, folderOf(files), { stopAfter: n });
      expect([n, first.result]).toEqual([n, undefined]);
      const second = await attemptToy(plan, folderOf(files));
      expect([n, contents(files)]).toEqual([n, contents(whole.files)]);
      const told = [...first.events, ...second.events];
      expect(stepsOf(told, isTraining)).toEqual(stepsOf(whole.events, isTraining));
      expect(second.events.at(-1)).toEqual(whole.events.at(-1));
    }
  });

  it('again and again does too', async () => {
    const plan = await planToy(request);
    const whole = await wholeRun(plan);
    const files: Files = new Map();
    for (let done = false; !done;)
      done = (await attemptToy(plan, folderOf(files), { stopAfter: 3 })).result !== undefined;
    expect(contents(files)).toEqual(contents(whole.files));
  });
});

describe('a run whose evaluation is interrupted', () => {
  it('has its weights, evaluates anew, and counts that once', async () => {
    const plan = await planToy(CTS);
    const files: Files = new Map();
    const folder = folderOf(files);
    await attemptToy(plan, folder, { stopAfter: 12 + 2 });
    expect(await folder.has('weights')).toBe(true);
    expect((await folder.readTimings()).evaluate).toBe(0);
    const { events, result } = await attemptToy(plan, folder);
    expect(stepsOf(events).map(({ step, steps }) => [step, steps])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(result!.minutes).toEqual({
      pretrain: 4 / 60,
      search: 4 / 60,
      train: 4 / 60,
      evaluate: 3 / 60,
    });
    const phases = new Set((await folder.readMetrics()).map(({ phase }) => phase));
    expect([...phases]).toEqual(['pretrain', 'search', 'train']);
  });
});

/** Throws at the nth change and all after it, of whatever folder; half of what was to be appended is there then. */
function crashing(store: RunStore, nth: number, counter = { changes: 0 }): RunStore {
  const crashes = () => ++counter.changes >= nth;
  const crash = () => Promise.reject(new Error('crash'));
  return {
    ...store,
    write: (name, data) => (crashes() ? crash() : store.write(name, data)),
    append: async (name, added) => {
      if (!crashes()) return store.append(name, added);
      await store.append(name, added.slice(0, added.length >> 1));
      return crash();
    },
    remove: (name) => (crashes() ? crash() : store.remove(name)),
    at: (folder) => crashing(store.at(folder), nth, counter),
  };
}

describe.each(PLANS)('a run of %s that crashes', (_, request) => {
  it('at any of its writes ends with the same bytes in every file', async () => {
    const plan = await planToy(request);
    const whole = await wholeRun(plan);
    for (let n = 1, crashed = true; crashed; n++) {
      const files: Files = new Map();
      const doomed = new RunFolder(crashing(memoryRunStore(files, 'run'), n));
      crashed = await attemptToy(plan, doomed, { checkpointSeconds: 0 }).then(
        () => false,
        (error: Error) => error.message === 'crash',
      );
      await attemptToy(plan, folderOf(files), { checkpointSeconds: 0 });
      expect([n, contents(files)]).toEqual([n, contents(whole.files)]);
    }
  });
});

describe('checkpoints', () => {
  /** Phase and step of each checkpoint of a run whose steps take a millisecond: eight, eight and four. */
  async function savedAt(intervalMs: number) {
    const clock = new ManualClock();
    const saved: [string, number][] = [];
    const store = memoryRunStore();
    const began = new Map<string, number>();
    const folder = new RunFolder({
      ...store,
      async write(name, data) {
        const [, phase] = /^checkpoint\/(.*)\.safetensors$/.exec(name) ?? [];
        if (phase) saved.push([phase, clock.now - began.get(phase)!]);
        return store.write(name, data);
      },
    });
    await attemptToy(
      await planToy({ ...CTS, epochs: 3, rewindEpochs: 2, options: { searchEpochs: 2 } }),
      folder,
      {
        clock,
        stepMs: 1,
        checkpointSeconds: intervalMs / 1000,
        observer: {
          on: (event) => void (event.type === 'phase' && began.set(event.phase, clock.now)),
        },
      },
    );
    return saved;
  }

  it.each([
    [1, [1, 2, 3, 4, 5, 6, 7]],
    [2, [2, 4, 6]],
    [3, [3, 6]],
    [8, []],
    [Infinity, []],
  ])('are due every %d ms of the run’s clock, and not at the end of a phase', async (ms, steps) => {
    expect(await savedAt(ms)).toEqual([
      ...steps.map((step) => ['pretrain', step]),
      ...steps.map((step) => ['search', step]),
      ...steps.filter((step) => step < 4).map((step) => ['train', step]),
    ]);
  });
});

describe('what a run tells', () => {
  /** Kinds of events one after another, those of one kind in a row once. */
  const outline = (events: readonly RunEvent[]) =>
    events
      .map((event) => ('phase' in event ? `${event.type} ${event.phase}` : event.type))
      .filter((kind, i, all) => kind !== all[i - 1]);

  it('is its phases, steps, ticket and result, in this order', async () => {
    const { events, result, files } = await wholeRun(await planToy(CTS));
    expect(outline(events)).toEqual([
      'phase pretrain',
      'step pretrain',
      'phase search',
      'step search',
      'ticket',
      'phase train',
      'step train',
      'phase evaluate',
      'step evaluate',
      'result',
    ]);
    expect(events.at(-1)).toEqual({ type: 'result', result });
    // Test and validation images of the toy are alike.
    const peak = { peakMemoryBytes: 1e8, peakDeviceBytes: 1e6 };
    expect(result).toMatchObject({ validationLoss: result!.testLoss, ...peak });
    const ticket = await folderOf(files).readTicket();
    expect(events.find(({ type }) => type === 'ticket')).toEqual({
      type: 'ticket',
      kept: 24,
      size: 48,
      layers: [
        { name: 'hidden.weight', kept: ticket.counts.get('hidden.weight'), size: 32 },
        { name: 'head.weight', kept: ticket.counts.get('head.weight'), size: 16 },
      ],
    });
  });

  it('is each round of a method that has some, and no phase that it has not', async () => {
    const { events, files } = await wholeRun(await planToy(LTR));
    expect(outline(events).slice(0, 6)).toEqual([
      'phase search',
      'step search',
      'round',
      'step search',
      'round',
      'ticket',
    ]);
    const rounds = events.flatMap((event) => {
      if (event.type !== 'round') return [];
      const { type, ...facts } = event;
      return [facts];
    });
    expect(rounds).toEqual(await folderOf(files).readRounds());
  });

  it('is a ticket that was found before, also of a finished run, before its result', async () => {
    const plan = await planToy(CTS);
    const files: Files = new Map();
    await attemptToy(plan, folderOf(files), { stopAfter: 9 });
    const { events } = await attemptToy(plan, folderOf(files));
    expect(outline(events).slice(0, 2)).toEqual(['ticket', 'phase train']);
    const finished = await attemptToy(plan, folderOf(files));
    expect(finished.events).toEqual([events[0], events.at(-1)]);
  });

  it('is each round that was kept before, once', async () => {
    const plan = await planToy(LTR);
    const whole = await wholeRun(plan);
    const others = (events: readonly RunEvent[]) =>
      events.filter(({ type }) => ['round', 'ticket', 'result'].includes(type));
    // Of two rounds of four steps each: one is kept, then both, then the ticket too.
    for (const stopAfter of [6, 8, 10]) {
      const files: Files = new Map();
      await attemptToy(plan, folderOf(files), { stopAfter });
      // As after a crash, with which the search begins again.
      const crashed = new Map([...files].filter(([name]) => !name.includes('checkpoint')));
      for (const left of [files, crashed]) {
        const { events } = await attemptToy(plan, folderOf(left));
        expect([stopAfter, others(events)]).toEqual([stopAfter, others(whole.events)]);
      }
    }
    const finished = await attemptToy(plan, folderOf(whole.files));
    expect(finished.events).toEqual(others(whole.events));
    expect(finished.events.map(({ type }) => type)).toEqual(['round', 'round', 'ticket', 'result']);
  });

  it('is as much of a run that another process has finished meanwhile', async () => {
    const plan = await planToy(LTR);
    const files: Files = new Map();
    const store = memoryRunStore(files, 'run');
    const waiting = new RunFolder({
      ...store,
      async lock() {
        await attemptToy(plan, folderOf(files));
        return store.lock();
      },
    });
    const { events } = await attemptToy(plan, waiting);
    expect(events.map(({ type }) => type)).toEqual(['round', 'round', 'ticket', 'result']);
  });

  it('is the result of a finished run, of which other files are gone or damaged', async () => {
    const plan = await planToy(LTR);
    const { files, result } = await wholeRun(plan);
    files.delete('run/ticket.safetensors');
    files.set('run/rounds/00.json', new TextEncoder().encode('{'));
    const finished = await attemptToy(plan, folderOf(files));
    expect(finished.events).toEqual([{ type: 'result', result }]);
  });
});

describe('an ablation in memory', () => {
  it.each(['shuffle', 'invert'] as const)(
    '%s finds the run around it, and resumes to the same bytes',
    async (ablation) => {
      const plan = await planToy(CTS);
      const altered = { ...plan, config: { ...plan.config, ablation } };
      const run = await wholeRun(plan);
      const files = new Map(run.files);
      const { result } = await attemptToy(altered, ablationFolder(folderOf(files), ablation));
      expect(result).toMatchObject({ ablation, kept: 24 });
      const stopped = new Map(run.files);
      const folder = ablationFolder(folderOf(stopped), ablation);
      await attemptToy(altered, folder, { stopAfter: 2 });
      await attemptToy(altered, folder);
      expect(contents(stopped)).toEqual(contents(files));
      expect([...stopped.keys()]).toContain(`run/checks/${ablation}/ticket.safetensors`);
    },
  );
});
