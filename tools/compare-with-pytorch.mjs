// Times our steps, PyTorch's and SparseProp's by turns on this machine, and prints a Markdown table:
//   node tools/compare-with-pytorch.mjs --peer pytorch_step.py [--compile] [--sparse-peer sparseprop_step.py]
//     [--python /usr/bin/python3] [--rounds 3] [--steps 6] [--threads 2] [--backend auto] [--density 0.0074] [--rows 1,2]
// The peers take --model, --batch, --density, --threads and --steps as `winnow bench` does, and print one line of JSON with
// `torch` (its version), `best` (milliseconds of a step) and `peakRssMiB`. PyTorch's takes --mode and --image-size too, and
// --compile where this program has it; SparseProp's --profile, a JSON list of the weights that a ticket keeps in each layer.
// Ratios are to the faster of PyTorch eager and compiled.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTicket } from '@winnow/tickets/files';

const ROWS = [
  { model: 'resnet20', batch: 128, mode: 'masked', ticket: 'resnet20-0.0074-seed1', sparse: true },
  { model: 'resnet20', batch: 128, mode: 'masked', ticket: 'resnet20-0.0074-seed2', sparse: true },
  { model: 'resnet20', batch: 128, mode: 'masked', ticket: 'resnet20-0.05-seed1', sparse: true },
  { model: 'resnet20', batch: 128, mode: 'masked', ticket: 'resnet20-0.05-seed2', sparse: true },
  { model: 'vgg16', batch: 64, mode: 'masked', ticket: 'vgg16-0.0074-synflow' },
  { model: 'resnet50', size: 224, batch: 4, mode: 'masked', ticket: 'resnet50-0.02-synflow' },
  { model: 'resnet50', size: 224, batch: 4, mode: 'masked', ticket: 'resnet50-0.02-erk' },
  { model: 'resnet20', batch: 128, mode: 'forward', ticket: 'resnet20-0.0074-seed1' },
  { model: 'resnet20', batch: 128, mode: 'forward', ticket: 'resnet20-0.0074-seed2' },
  { model: 'resnet20', batch: 128, mode: 'forward' },
  { model: 'resnet20', batch: 128, mode: 'train' },
  { model: 'resnet20', batch: 128, mode: 'cts', eager: true },
  { model: 'resnet20', batch: 512, mode: 'cts', eager: true },
  { model: 'vgg16', batch: 64, mode: 'train' },
  { model: 'resnet18', size: 224, batch: 8, mode: 'train' },
  { model: 'resnet50', size: 224, batch: 4, mode: 'train' },
];
const HEAD = [
  ...['model', 'image', 'batch', 'step', 'density'],
  ...['Winnow, ms', 'eager, ms', 'compiled, ms', 'ratio', 'SparseProp, ms', 'ratio'],
  ...['Winnow, MiB', 'PyTorch, MiB', 'ratio'],
];
const NONE = '—';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const WINNOW = here('../apps/cli/bin/winnow.js');

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    compile: { type: 'boolean', default: false },
    'sparse-peer': { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '6' },
    threads: { type: 'string', default: '2' },
    density: { type: 'string', default: '0.0074' },
    backend: { type: 'string', default: 'auto' },
    rows: { type: 'string', default: ROWS.map((_, i) => i + 1).join(',') },
  },
});
const rows = options.rows.split(',').map((number) => ROWS[Number(number) - 1]);
const rounds = Number(options.rounds);
if (!options.peer || !(rounds >= 1) || !rows.every(Boolean)) {
  console.error(
    `Give --peer SCRIPT, --rounds from 1 up, and --rows out of 1 to ${ROWS.length}, such as --rows 1,3.`,
  );
  process.exit(1);
}

/** Runs a program, and reads the JSON in its last line. */
function measure(command, args) {
  const output = execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Where a ticket lies; it is made where it can be and is not there. */
function ticketFile(name) {
  const file = here(`../benchmarks/tickets/${name}.safetensors`);
  if (!existsSync(file))
    execFileSync(process.execPath, [here('make-bench-tickets.mjs')], { stdio: 'inherit' });
  return file;
}

const { threads, steps, backend } = options;
const folder = mkdtempSync(join(tmpdir(), 'winnow-compare-'));

/** Programs to time for a row, by name; each is called once a round. */
async function contenders({ model, size = 32, batch, mode, ticket, sparse, eager }) {
  const file = ticket && ticketFile(ticket);
  const masks = file && (await readTicket(file));
  const density = masks ? `${masks.density}` : options.density;
  const common = ['--model', model, '--batch', `${batch}`, '--threads', threads, '--steps', steps];
  const shape = ['--mode', mode, '--image-size', `${size}`];
  const isMasked = ['masked', 'cts'].includes(mode);
  const mask = file ? ['--ticket', file] : isMasked ? ['--density', density] : [];
  const bench = [WINNOW, 'bench', ...common, ...shape, ...mask, '--backend', backend, '--json'];
  // A mask drawn at random of as many weights: PyTorch computes with all of them, whichever are 0.
  const peer = [options.peer, ...common, ...shape, '--density', density];
  const timed = new Map([
    ['winnow', () => measure(process.execPath, bench)],
    ['eager', () => measure(options.python, peer)],
  ]);
  if (options.compile && !eager)
    timed.set('compiled', () => measure(options.python, [...peer, '--compile']));
  if (options['sparse-peer'] && sparse) {
    const profile = join(folder, `${ticket}.json`);
    writeFileSync(profile, JSON.stringify([...masks.counts.values()]));
    const args = [options['sparse-peer'], ...common, '--density', density, '--profile', profile];
    timed.set('sparseprop', () => measure(options.python, args));
  }
  return { timed, density: masks || mode === 'cts' ? Number(density).toPrecision(3) : '1' };
}

/** Medians over rounds of what each told. Each goes first in its turn, so that none always meets the warmer machine. */
function results(timed, label) {
  const names = [...timed.keys()];
  const told = new Map(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    console.error(`${label}: round ${round} of ${rounds}`);
    const first = (round - 1) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      told.get(name).push(timed.get(name)());
  }
  return new Map(
    [...told].map(([name, all]) => {
      const ms = median(all.map((one) => one.medianMs ?? one.best));
      return [name, { ...all[0], ms, memory: median(all.map((one) => one.peakRssMiB)) }];
    }),
  );
}

const whole = (value) => value?.toFixed(0) ?? NONE;
const ratio = (ours, theirs) => (theirs === undefined ? NONE : (ours / theirs).toFixed(2));

/** Cells of times and memory. */
function cells(found) {
  const [ours, eager, compiled, sparse] = ['winnow', 'eager', 'compiled', 'sparseprop'].map(
    (name) => found.get(name),
  );
  const faster = compiled && compiled.ms < eager.ms ? compiled : eager;
  return [
    // A step under a ticket takes a few milliseconds.
    ours.ms.toFixed(ours.ms < 100 ? 1 : 0),
    ...[whole(eager.ms), whole(compiled?.ms), ratio(ours.ms, faster.ms)],
    ...[whole(sparse?.ms), ratio(ours.ms, sparse?.ms)],
    ...[whole(ours.memory), whole(faster.memory), ratio(ours.memory, faster.memory)],
  ];
}

const line = (values) => console.log(`| ${values.join(' | ')} |`);

try {
  for (const [i, row] of rows.entries()) {
    const { model, size = 32, batch, mode } = row;
    const { timed, density } = await contenders(row);
    const found = results(timed, [model, batch, mode, row.ticket].filter(Boolean).join(' '));
    if (i === 0) {
      const { backend: name, threads: used, instructions = '' } = found.get('winnow');
      console.log(
        `Winnow on \`${[name, instructions].filter(Boolean).join('`, `')}\` with ${used} thread(s), PyTorch ${found.get('eager').torch} with ${threads}; medians of ${rounds} round(s) of ${steps} steps.\n`,
      );
      line(HEAD);
      line(HEAD.map((name) => (name === 'model' || name === 'step' ? '---' : '--:')));
    }
    line([model, `${size}×${size}`, batch, mode, density, ...cells(found)]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
