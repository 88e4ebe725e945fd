import { type Remote, proxy, wrap } from 'comlink';
import * as state from './state.ts';
import type { Ending, OwnImage, SearchApi, SearchEvent, Setting } from './worker/search-api.ts';

/** A step takes less, on the slowest machine: code of the visitor's that takes longer never ends. */
const PATIENCE_MS = 20_000;

let worker: Worker;
/** The worker's; another one once it was restarted. */
export let search: Remote<SearchApi>;
let images: readonly OwnImage[] | undefined;
/** Settled once the worker has done, or ended, all that it was asked to carry out. */
let underWay = Promise.resolve();
/** Of what was asked for last. */
let turn = new AbortController();

function startWorker(): void {
  worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' });
  search = wrap<SearchApi>(worker);
  void search.listen(proxy(take));
}
startWorker();

/** Ends a worker that does not answer, with all that it holds, and starts another on the same images. */
async function restart(): Promise<void> {
  worker.terminate();
  underWay = Promise.resolve();
  startWorker();
  state.ownObjective.value = undefined;
  // Nothing of before is there to stand at.
  state.standing.value = 'opening';
  state.opened.value = undefined;
  await open(images);
  state.trouble.value = {
    code: 'NO_ANSWER',
    sentence: 'What computes gave no answer, and was started anew.',
    hint: 'Look whether the objective has a loop that never ends.',
  };
}

/** An answer of the worker; undefined where it gives none in time, and is restarted. */
export async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  const asked = worker;
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  const first = await Promise.race([answer, late]);
  clearTimeout(timer!);
  // Another one that waited for the same worker may have restarted it.
  if (first === undefined && asked === worker) await restart();
  return first;
}

function take(event: SearchEvent): void {
  const shown = state.shown.peek();
  if (!shown) return;
  switch (event.type) {
    case 'progress': {
      const { phase, step, steps } = event;
      const rows = phase === 'search' ? [...shown.rows, ...event.rows] : shown.rows;
      state.shown.value = { ...shown, phase, step, steps, rows };
      break;
    }
    case 'mask':
      state.shown.value = { ...shown, mask: event };
      break;
    case 'found':
      state.shown.value = { ...shown, found: event };
      break;
    case 'trained':
      state.shown.value = { ...shown, trained: { ...shown.trained, [event.what]: event } };
  }
}

/** Has the worker open images, whatever it has open. */
async function open(own: readonly OwnImage[] | undefined): Promise<void> {
  const before = state.standing.peek();
  state.standing.value = 'opening';
  state.trouble.value = undefined;
  const found = await search.open(own);
  if ('trouble' in found) {
    state.trouble.value = found.trouble;
    // The worker still has what it had.
    if (state.opened.peek()) state.standing.value = before === 'opening' ? 'ready' : before;
    return;
  }
  images = own;
  state.opened.value = found;
  state.shown.value = undefined;
  const names = found.objectives.map(({ name }) => name);
  if (![...names, state.ownObjective.peek()].includes(state.objective.peek()))
    state.objective.value = names[0]!;
  state.standing.value = 'ready';
}

/** Opens the digits, or images of the visitor's; what was found on others is forgotten. */
export async function openImages(own?: readonly OwnImage[]): Promise<void> {
  if (state.opened.peek() && own === images) state.trouble.value = undefined;
  else await open(own);
}

/**
 * Prepares and carries out what is shown then, once the worker has ended what it is at, whatever came of that; only of what
 * was asked for last is the ending told.
 */
async function carryOut(prepare?: () => Promise<void>): Promise<void> {
  const own = (turn = new AbortController());
  state.trouble.value = undefined;
  state.standing.value = 'running';
  const work = async () => {
    await prepare?.();
    // Where it was stopped before it began, a signal to the worker would have come too early.
    const ending: Ending = own.signal.aborted
      ? { ended: 'stopped' }
      : await search.run(state.shown.peek()!.setting);
    if (turn !== own) return;
    if ('trouble' in ending) {
      state.trouble.value = ending.trouble;
      state.standing.value = 'ready';
    } else if (ending.ended === 'done') state.standing.value = 'done';
    else if (state.standing.peek() !== 'waiting') state.standing.value = 'stopped';
  };
  underWay = underWay.then(work).catch((error: unknown) => {
    if (turn !== own) return;
    const sentence = String(error).replace(/^Error: /, '');
    state.trouble.value = { code: 'UNEXPECTED', sentence, hint: 'Reload the page to begin anew.' };
    state.standing.value = 'ready';
  });
  await underWay;
}

/** Begins anew with what is set. */
export async function start(): Promise<void> {
  const setting: Setting = {
    method: state.method.peek(),
    objective: state.objective.peek(),
    density: state.density.peek(),
    seed: state.seed.peek(),
    plan: state.plan.peek()!.plan,
  };
  const byOwn = setting.method === 'cts' && setting.objective === state.ownObjective.peek();
  await carryOut(async () => {
    await search.forget();
    state.shown.value = {
      setting,
      byOwn,
      phase: 'start',
      step: 0,
      steps: 1,
      rows: [],
      trained: {},
    };
  });
}

function halt(standing: 'stopping' | 'waiting'): void {
  state.standing.value = standing;
  turn.abort();
  void search.stop();
}

/** The worker ends the step that it is in and saves its state; the visitor need not wait for that to go on or to begin anew. */
export async function stop(): Promise<void> {
  halt('stopping');
  await inTime(underWay.then(() => 'stopped'));
}

/** Goes on where it was stopped, to the same bits. */
export const goOn = () => carryOut();

/** Goes on with what waits, once it has stopped, if the page is still to be seen. */
async function wakeUp(): Promise<void> {
  if (state.standing.peek() !== 'waiting') return;
  await inTime(underWay.then(() => 'stopped'));
  if (state.standing.peek() === 'waiting' && !document.hidden) await goOn();
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden && state.standing.peek() === 'running') {
    halt('waiting');
  } else if (!document.hidden) void wakeUp();
});
