import { type Remote, proxy, wrap } from 'comlink';
import * as state from './state.ts';
import type { OwnImage, SearchApi, SearchEvent, Setting } from './work/search-api.ts';

const worker = new Worker(new URL('./work/worker.ts', import.meta.url), { type: 'module' });
export const search: Remote<SearchApi> = wrap<SearchApi>(worker);
void search.listen(proxy(take));

let underWay = Promise.resolve();

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

/** Opens the digits, or images of the visitor's; what was found on others is forgotten. */
export async function openImages(images?: readonly OwnImage[]): Promise<void> {
  state.standing.value = 'opening';
  state.trouble.value = undefined;
  const found = await search.open(images);
  if ('trouble' in found) {
    state.trouble.value = found.trouble;
    state.standing.value = state.opened.peek() ? 'ready' : 'opening';
    return;
  }
  state.opened.value = found;
  state.shown.value = undefined;
  const names = found.objectives.map(({ name }) => name);
  if (![...names, state.ownObjective.peek()].includes(state.objective.peek()))
    state.objective.value = names[0]!;
  state.standing.value = 'ready';
}

async function carryOut(setting: Setting): Promise<void> {
  state.trouble.value = undefined;
  state.standing.value = 'running';
  const ending = await search.run(setting);
  if ('trouble' in ending) {
    state.trouble.value = ending.trouble;
    state.standing.value = 'ready';
  } else if (ending.ended === 'done') state.standing.value = 'done';
  else if (state.standing.peek() !== 'waiting') state.standing.value = 'stopped';
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
  state.shown.value = { setting, phase: 'dense', step: 0, steps: 1, rows: [], trained: {} };
  await search.forget();
  underWay = carryOut(setting);
  await underWay;
}

export function stop(): void {
  state.standing.value = 'stopping';
  void search.stop();
}

/** Goes on where it was stopped, to the same bits. */
export async function goOn(): Promise<void> {
  underWay = carryOut(state.shown.peek()!.setting);
  await underWay;
}

/** Goes on with what waits, once it has stopped, if the page is still to be seen. */
async function wakeUp(): Promise<void> {
  await underWay;
  if (state.standing.peek() === 'waiting' && !document.hidden) await goOn();
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden && state.standing.peek() === 'running') {
    state.standing.value = 'waiting';
    void search.stop();
  } else if (!document.hidden) void wakeUp();
});
