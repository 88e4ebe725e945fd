import { encodeTicket } from '@winnow/tickets';
import type { Objective } from '@winnow/plugin-api';
import { expose } from 'comlink';
import { type Opened, open } from './opened.ts';
import { Run } from './run.ts';
import type { SearchApi, SearchEvent, Setting } from './search-api.ts';
import { startWasm } from './start-wasm.ts';
import { TrainedPair } from './trained-pair.ts';
import { endingOf, troubleOf } from './trouble.ts';

const started = startWasm();
let opened: Opened | undefined;
let pair: TrainedPair | undefined;
let own: Objective | undefined;
let stop = new AbortController();
let listener: (event: SearchEvent) => unknown = () => {};
/** Settled once the page has what was told last, which comes another way than answers do. */
let told: Promise<unknown> = Promise.resolve();

function tell(event: SearchEvent): void {
  told = Promise.resolve(listener(event));
}

const isSame = (one: Setting, other: Setting) => JSON.stringify(one) === JSON.stringify(other);

function forget(): void {
  pair?.dispose();
  pair = undefined;
}

/** The run of this setting: the one that was begun, if there is one. */
function runOf(setting: Setting): Run {
  if (pair && isSame(pair.run.setting, setting)) return pair.run;
  forget();
  const run = new Run(opened!, setting, own ? [own] : [], tell);
  pair = new TrainedPair(run);
  return run;
}

const api: SearchApi = {
  listen(own) {
    listener = own;
  },
  async open(images) {
    try {
      await started;
      opened = await open(images);
      forget();
      return opened.about;
    } catch (error) {
      return { trouble: troubleOf(error) };
    }
  },
  async run(setting) {
    stop = new AbortController();
    try {
      await runOf(setting).carryOut(stop.signal);
      await told;
      return { ended: 'done' };
    } catch (error) {
      await told;
      return endingOf(error);
    }
  },
  stop: () => stop.abort(),
  forget,
  read: (pixels) => pair!.read(pixels),
  async testImage(index) {
    const { images, network } = opened!;
    const { mean, std } = images.normalization;
    const block = await images.test.read([index]);
    const { channels } = network.input;
    const pixels = block.images.map(
      (x, i) => (x * std[i % channels]! + mean[i % channels]!) / images.brightest,
    );
    return { pixels, label: block.labels[0]! };
  },
  ticketFile: () => Promise.resolve(encodeTicket(pair!.run.ticket!)),
  async graphModel() {
    const { zipGraphModel } = await import('./zip-graph-model.ts');
    return zipGraphModel(await pair!.trainedNetwork());
  },
  async takeObjective(javascript) {
    const { compiledObjective } = await import('./compiled-objective.ts');
    try {
      const { objective, taken } = await compiledObjective(javascript, opened!);
      own = objective;
      return taken;
    } catch (error) {
      return { trouble: troubleOf(error) };
    }
  },
};

expose(api);
