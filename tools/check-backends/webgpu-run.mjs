// A whole run of digits on the backend `webgpu` beside one on `wasm`: how many bits of the tickets differ.
//   node tools/check-backends/webgpu-run.mjs
// Sums are rounded otherwise on each, and a weight where the last one is kept or not may fall on either side.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTicket } from '@winnow/tickets/files';
import { winnow } from '../check-runs/winnow.mjs';

const HOW =
  '--dataset digits --model lenet --start init --method cts --density 0.1 --search-epochs 1 --epochs 1';
/** Of the weights that are kept. */
const MOST = 0.01;

const place = mkdtempSync(join(tmpdir(), 'winnow-webgpu-'));
async function ticketOf(backend) {
  const out = join(place, backend);
  const args = ['run', '--backend', backend, ...HOW.split(' '), '--out', out, '--json'];
  const { status, output, errors } = await winnow(args).ended;
  assert.equal(status, 0, errors);
  const { layers, kept } = await readTicket(join(out, 'ticket.safetensors'));
  assert.equal(JSON.parse(output).backend, backend);
  return { layers, kept };
}

const [one, other] = [await ticketOf('webgpu'), await ticketOf('wasm')];
rmSync(place, { recursive: true });
let differ = 0;
for (const [name, { kept }] of one.layers) {
  const beside = other.layers.get(name).kept;
  kept.forEach((bit, i) => (differ += Number(bit !== beside[i])));
}
console.log(`webgpu: of a ticket of ${one.kept} weights, ${differ} bits are not those of wasm`);
assert.ok(differ <= MOST * one.kept);
