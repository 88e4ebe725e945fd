// The engine on several threads of JavaScript at once: `node engine-in-workers.mjs SCENARIO` prints what came of it as JSON.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const FILE = fileURLToPath(new URL('../build/Release/winnow_engine.node', import.meta.url));
const load = () => createRequire(import.meta.url)(process.env.WINNOW_ENGINE ?? FILE);

/** Whether products of matrices of ones are right, every time. */
function multiply(engine, times) {
  const n = 128;
  const [a, b, c] = [0, 0, 0].map(() => engine.allocate(4 * n * n));
  for (const ones of [a, b]) engine.write(ones, new Float32Array(n * n).fill(1));
  const values = { a, b, c, batch: 1, m: n, k: n, n };
  const { signatures, calls } = engine;
  const numbers = new Float32Array(n * n);
  for (let i = 0; i < times; i++) {
    calls.matMul(...Object.keys(signatures.matMul).map((name) => values[name] ?? false));
    engine.read(c, numbers);
    if (numbers.some((x) => x !== n)) return false;
  }
  for (const handle of [a, b, c]) engine.release(handle);
  return true;
}

/** What a worker of this scenario tells, when it has ended. */
const inWorker = (scenario, given) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { argv: [scenario], workerData: given });
    let told;
    worker.on('message', (it) => (told = it)).once('error', reject);
    worker.once('exit', () => resolve(told));
  });

const scenarios = {
  /** Workers change the settings while all multiply. */
  settings: {
    async main() {
      const engine = load();
      const others = [1, 2].map((i) => inWorker('settings', i));
      const right = multiply(engine, 300);
      return [right, ...(await Promise.all(others))];
    },
    worker(first) {
      const engine = load();
      const names = engine.availableInstructions();
      let right = true;
      for (let i = 0; i < 100; i++) {
        engine.setThreads(1 + ((first + i) % 4));
        engine.setInstructions(names[(first + i) % names.length]);
        engine.trim();
        right &&= multiply(engine, 2);
      }
      return right;
    },
  },
  /** The engine's threads outlive the workers that alone loaded it. */
  unload: {
    async main() {
      const told = [];
      for (let i = 0; i < 2; i++) {
        told.push(await inWorker('unload'));
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return told;
    },
    worker() {
      const engine = load();
      engine.setThreads(3);
      return multiply(engine, 3);
    },
  },
  /** A handle is the thread's that made it, and is given back when that ends. */
  handles: {
    async main() {
      const engine = load();
      const mine = engine.allocate(16);
      const before = engine.memory().liveBlocks;
      const refused = await inWorker('handles', mine);
      engine.read(mine, new Float32Array(4));
      return [refused, engine.memory().liveBlocks - before];
    },
    worker(handle) {
      const engine = load();
      engine.view(engine.allocate(100), 0, 50);
      try {
        engine.read(handle, new Float32Array(4));
      } catch (error) {
        return error.message;
      }
      return 'read';
    },
  },
};

const scenario = scenarios[process.argv[2]];
if (isMainThread) console.log(JSON.stringify(await scenario.main()));
else parentPort.postMessage(scenario.worker(workerData));
