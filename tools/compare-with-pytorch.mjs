// Times our steps and PyTorch's by turns on this machine, and prints a Markdown table:
//   node tools/compare-with-pytorch.mjs --peer pytorch_step.py [--rounds 3] [--steps 6] [--threads 2] [--backend auto]
//     [--density 0.0074] [--rows 1,2] [--python /usr/bin/python3]
// The peer takes --model, --batch, --mode, --density, --threads and --steps as `winnow bench` does, and prints one line of
// JSON with `best` (milliseconds of a step) and `peakRssMiB`.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROWS = [
  { model: 'resnet20', batch: 128, mode: 'train' },
  { model: 'resnet20', batch: 128, mode: 'masked' },
  { model: 'resnet20', batch: 128, mode: 'cts' },
  { model: 'vgg16', batch: 64, mode: 'train' },
  { model: 'resnet20', batch: 512, mode: 'cts' },
  { model: 'resnet20', batch: 128, mode: 'forward' },
];
const WINNOW = fileURLToPath(new URL('../apps/cli/bin/winnow.js', import.meta.url));

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
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

const { threads, steps, density, backend } = options;
let head;
for (const { model, batch, mode } of rows) {
  const setting = ['--model', model, '--batch', `${batch}`, '--mode', mode, '--density', density];
  setting.push('--threads', threads, '--steps', steps);
  const ours = [];
  const peers = [];
  for (let round = 1; round <= rounds; round++) {
    console.error(`${model} ${batch} ${mode}: round ${round} of ${rounds}`);
    const bench = [WINNOW, 'bench', ...setting, '--backend', backend, '--json'];
    // Each goes first in every other round, so that neither always meets the warmer machine.
    const turns = [
      () => ours.push(measure(process.execPath, bench)),
      () => peers.push(measure(options.python, [options.peer, ...setting])),
    ];
    for (const turn of round % 2 ? turns : turns.reverse()) turn();
  }
  if (!head) {
    const { backend: name, threads: used } = ours[0];
    head = `Winnow on \`${name}\` with ${used} thread(s), PyTorch ${peers[0].torch} with ${threads}; medians of ${rounds} round(s) of ${steps} steps.`;
    console.log(`${head}\n`);
    console.log(
      '| model | batch | step | Winnow, ms | PyTorch, ms | ratio | Winnow, MiB | PyTorch, MiB | ratio |',
    );
    console.log('| --- | --: | --- | --: | --: | --: | --: | --: | --: |');
  }
  const pairs = [
    [ours.map((o) => o.medianMs), peers.map((p) => p.best)],
    [ours.map((o) => o.peakRssMiB), peers.map((p) => p.peakRssMiB)],
  ];
  const cells = pairs.flatMap(([a, b]) => {
    const [x, y] = [median(a), median(b)];
    return [x.toFixed(0), y.toFixed(0), (x / y).toFixed(2)];
  });
  console.log(`| ${[model, batch, mode, ...cells].join(' | ')} |`);
}
