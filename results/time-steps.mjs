#!/usr/bin/env node
// Times the steps that the rows took, on all cores and alone, so that their minutes do not depend on what else ran while
// they did: dense training, each objective's search, and training under each method's ticket. Writes step-times.json, which
// keeps each kind of machine.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const winnow = fileURLToPath(new URL('../apps/cli/bin/winnow.js', import.meta.url));
const json = (words) =>
  JSON.parse(execFileSync(process.execPath, [winnow, ...words, '--json'], { maxBuffer: 1e8 }));
const COMMON = ['--model', 'resnet20', '--batch', '512', '--steps', '10'];
const milliseconds = (...words) => {
  const { medianMs, backend, threads, instructions } = json(['bench', ...COMMON, ...words]);
  process.stderr.write(`${medianMs.toFixed(1)} ms: ${words.join(' ')}\n`);
  return { medianMs, by: { backend, threads, instructions } };
};

const file = `${here}step-times.json`;
const machines = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
const { processor } = json(['doctor']);
const dense = milliseconds('--mode', 'train');
const machine = { ...dense.by, processor };
// What was timed before on such a machine is as fast now.
const isSame = (before) => Object.entries(machine).every(([fact, value]) => before[fact] === value);
const at = machines.findIndex(isSame);
const known = machines[at] ?? { steps: { train: dense.medianMs }, tickets: {} };
const { steps } = known;
const tickets = {};
const rows = ['rows', 'lengths']
  .filter((name) => existsSync(here + name))
  .flatMap((name) => readdirSync(here + name).map((row) => [row, `${here}${name}/${row}`]));
for (const [row, folder] of rows.sort()) {
  const config = JSON.parse(readFileSync(`${folder}/config.json`, 'utf8'));
  const objective = config.method.name === 'cts' && config.objective.name;
  if (objective && !(objective in steps))
    steps[objective] = milliseconds('--mode', 'cts', '--objective', objective).medianMs;
  const files = [`${folder}/ticket.safetensors`];
  if (existsSync(`${folder}/rounds`))
    for (const name of readdirSync(`${folder}/rounds`))
      if (name.endsWith('.safetensors')) files.push(`${folder}/rounds/${name}`);
  for (const ticket of files.filter((one) => existsSync(one))) {
    const name = row + ticket.slice(folder.length);
    tickets[name] =
      known.tickets[name] ?? milliseconds('--mode', 'masked', '--ticket', ticket).medianMs;
  }
}
machines.splice(at < 0 ? machines.length : at, 1, { ...machine, steps, tickets });
writeFileSync(file, `${JSON.stringify(machines, undefined, 2)}\n`);
