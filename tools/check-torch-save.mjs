// Gives PyTorch the golden weights of ResNet-8, which saves them in each of its ways, and imports what it wrote:
//   node tools/check-torch-save.mjs [--python python3]
// The Python has PyTorch and NumPy. Ends with 1 where a weight is another, or the logits are not the golden ones.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors } from '@winnow/files/disk';
import { Golden, relativeError } from '@winnow/golden';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { root } from './set-up.mjs';

const { python } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
}).values;
const TOLERANCE = 1e-4;

const SAVE = `
import json, struct, sys
import numpy as np, torch
golden, folder = sys.argv[1:]
with open(golden, "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header, data = json.loads(file.read(length)), file.read()
header.pop("__metadata__", None)
state = {
    name: torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).copy()).reshape(entry["shape"])
    for name, entry in header.items()
}
all = torch.cat([value.flatten() for value in state.values()])
places = np.cumsum([0, *(value.numel() for value in state.values())])
ways = {
    "plain": state,
    "double": {name: value.double() for name, value in state.items()},
    "channels-last": {
        name: value.contiguous(memory_format=torch.channels_last) if value.dim() == 4 else value
        for name, value in state.items()
    },
    "one-storage": {
        name: all[places[i] : places[i + 1]].view_as(value) for i, (name, value) in enumerate(state.items())
    },
    "parallel": {f"module.{name}": torch.nn.Parameter(value) for name, value in state.items()},
    "checkpoint": {"epoch": 3, "state_dict": state, "best": np.float64(0.5)},
}
for name, value in ways.items():
    torch.save(value, f"{folder}/{name}.pth")
torch.save(state, f"{folder}/protocol-5.pth", pickle_protocol=5)
`;

const folder = mkdtempSync(join(tmpdir(), 'winnow-torch-save-'));
try {
  execFileSync(python, ['-W', 'ignore', '-c', SAVE, Golden.path('weights'), folder]);
  const [weights, batch, forward] = await Promise.all(
    ['weights', 'batch', 'forward'].map((name) => Golden.load(name)),
  );
  await wasm.start();
  const network = new ComponentRegistry(models.components)
    .get('model', 'resnet8')
    .build({ height: 32, width: 32, channels: 3 }, 10, {});
  const shape = ['--model', 'resnet8', '--input', '32x32x3', '--classes', '10'];
  for (const file of readdirSync(folder)) {
    const out = join(folder, `${file}.safetensors`);
    const program = [join(root, 'apps/cli/bin/winnow.js'), 'import', join(folder, file)];
    execFileSync(process.execPath, [...program, ...shape, '--out', out]);
    const { tensors } = await readSafetensors(out);
    for (const name of weights.names()) {
      if (
        Buffer.compare(
          Buffer.from(tensors.get(name).data.buffer),
          Buffer.from(weights.values(name).buffer),
        )
      )
        throw new Error(`${name} of ${file} is not what was saved.`);
    }
    const parameters = Object.fromEntries(
      [...tensors].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
    const logits = network.forward(parameters, batch.batch().images).dataSync();
    const error = relativeError(logits, forward.values('logits'));
    console.log(
      `${file}: all weights as saved, logits ${error.toExponential(1)} from the golden ones`,
    );
    if (!(error < TOLERANCE)) throw new Error(`The logits of ${file} are others.`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
