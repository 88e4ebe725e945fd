// Gives each parser of foreign files what its corpus holds, and then damaged copies of it for a while:
//   node tools/fuzz/fuzz.mjs [--only NAME] [--seconds 60] [--seed N] [--findings FOLDER]
// With --seconds 0 only the corpus, without those of its files that take until a limit.
// A parser may end, or throw a WinnowError. A crash, another error, or more than a gigabyte or 20 s of processor time for one
// input is a fault: the input is written to the folder of findings, and belongs into the corpus once it is mended.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { ConfinedProcess } from '@winnow/files/confined';
import { damagedFiles } from './mutations.mjs';
import { parsers } from './parsers.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    findings: { type: 'string', default: join(tmpdir(), 'winnow-fuzz-findings') },
  },
});
const LIMITS = { memory: 2 ** 30, seconds: 20 };
/** Of waiting for what takes no processor time. */
const LONGEST_MS = 180_000;

const root = mkdtempSync(join(tmpdir(), 'winnow-fuzz-'));
const reader = new ConfinedProcess(new URL('./parser-process.mjs', import.meta.url));

/** What is wrong with how a parser took an input, if anything. */
async function faultOf(name, corpus, bytes, seen) {
  let waiting;
  const late = new Promise((_, reject) => {
    waiting = setTimeout(() => reject(new Error('it hangs')), LONGEST_MS);
  });
  try {
    const [code] = await Promise.race([
      reader.ask('read', { name, bytes, corpus, root }, LIMITS),
      late,
    ]);
    seen.set(code ?? 'read', (seen.get(code ?? 'read') ?? 0) + 1);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(waiting);
  }
}

let faults = 0;
function found(name, bytes, error) {
  faults++;
  mkdirSync(options.findings, { recursive: true });
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const path = join(options.findings, `${name}-${digest}`);
  writeFileSync(path, bytes);
  console.log(`${name}: ${error.message} (${bytes.length} bytes in ${path})`);
}

const seconds = Number(options.seconds);
for (const [name, { corpus: of = name }] of Object.entries(parsers)) {
  if (!name.startsWith(options.only)) continue;
  const corpus = fileURLToPath(new URL(`corpus/${of}`, import.meta.url));
  const files = readdirSync(corpus)
    .filter((file) => seconds > 0 || !file.startsWith('slow-'))
    .sort()
    .map((file) => readFileSync(join(corpus, file)));
  const seen = new Map();
  for (const bytes of files) {
    const fault = await faultOf(name, corpus, bytes, seen);
    if (fault) found(name, bytes, fault);
  }
  if (seconds > 0) {
    const property = fc.asyncProperty(damagedFiles(files), async (bytes) => {
      const fault = await faultOf(name, corpus, bytes, seen);
      if (fault) throw fault;
    });
    const { failed, counterexample, errorInstance } = await fc.check(property, {
      seed: Number(options.seed),
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: 1000 * seconds,
      markInterruptAsFailure: false,
    });
    if (failed && counterexample) found(name, counterexample[0], errorInstance);
  }
  const counts = [...seen].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  console.log(`${name}: ${counts}; seed ${options.seed}`);
}
rmSync(root, { recursive: true, force: true });
process.exit(faults === 0 ? 0 : 1);
