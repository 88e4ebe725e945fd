// The rows of any length of search, and the minutes of their phases by the steps that were timed alone.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const winnow = fileURLToPath(new URL('../apps/cli/bin/winnow.js', import.meta.url));
const folders = ['rows', 'lengths'].map((name) => here + name).filter(existsSync);
const STEPS_AN_EPOCH = 88; // 45,000 images in batches of 512
const DURATIONS = { short: 0.125, half: 0.5, long: 1 };
export const ROUNDS = 22;

/** What `winnow results` says of the rows, and with `--means` of groups of them. */
export const resultsOf = (...words) =>
  JSON.parse(
    execFileSync(process.execPath, [winnow, 'results', ...folders, ...words, '--format', 'json'], {
      maxBuffer: 1e8,
    }),
  );

/** The kinds of machine that steps were timed on. */
export const machines = JSON.parse(readFileSync(`${here}step-times.json`, 'utf8'));

export const searchEpochs = (row) =>
  row['method.searchEpochs'] ?? row.epochs * DURATIONS[row['method.duration'] ?? 'short'];

/** Of a phase of so many epochs, by the step that was timed alone. */
const minutes = (epochs, stepMs) => (epochs * STEPS_AN_EPOCH * stepMs) / 60_000;

/** Pre-training, search and training; a search of no steps counts where it ran on such a machine. */
export function minutesOf(row, { steps, tickets, instructions }) {
  const name = basename(row.folder);
  const training = row.method === 'dense' ? steps.train : tickets[`${name}/ticket.safetensors`];
  const epochsLeft = row.epochs - row.rewindEpochs;
  let search = row.instructions === instructions ? row['minutes.search'] : NaN;
  if (row.method === 'cts') search = minutes(searchEpochs(row), steps[row.objective]);
  if (row.method === 'ltr') {
    const rounds = Object.keys(tickets).filter((ticket) => ticket.startsWith(`${name}/rounds/`));
    if (rounds.length === 0) return [NaN, NaN, NaN];
    if (rounds.length !== ROUNDS) throw new Error(`${name} has ${rounds.length} rounds`);
    const ms = rounds.reduce((sum, ticket) => sum + tickets[ticket], 0);
    search = minutes(row['method.roundEpochs'] ?? epochsLeft, ms);
  }
  return [minutes(row.rewindEpochs, steps.train), search, minutes(epochsLeft, training)];
}
