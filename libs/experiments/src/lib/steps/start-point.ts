import * as tf from '@tensorflow/tfjs-core';
import { initialize } from '@winnow/models';
import { ablatedRun } from '../ablation.ts';
import { ABLATIONS } from '../ablations.ts';
import { recallStartWeights } from '../start-weights.ts';
import type { OngoingRun } from './ongoing-run.ts';
import { takeStart } from './take-shares.ts';
import { trainPhase } from './train-phase.ts';

/** Fresh weights, trained densely up to a rewind start. */
async function freshStart(run: OngoingRun, stream: string): Promise<void> {
  const { config, folder, network, packing, random } = run;
  const fresh = initialize(network, random(stream));
  const parameters = packing.pack(fresh);
  tf.dispose(fresh);
  const { recipe, rewindEpochs } = config;
  if (rewindEpochs > 0) {
    const schedule = { recipe, fromEpoch: 0, toEpoch: rewindEpochs };
    return trainPhase(run, 'pretrain', parameters, undefined, schedule);
  }
  await folder.writeMultiplyAdds('pretrain', 0);
  await folder.writeTensors('start', packing.views(parameters));
}

async function makeStart(run: OngoingRun): Promise<void> {
  const { config, folder, network } = run;
  const { ablation, startWeights } = config;
  const stream = ablation ? ABLATIONS[ablation].freshWeights : 'initialisation';
  if (stream === undefined) await folder.copyStart(await ablatedRun(folder, config));
  else if (startWeights && !ablation)
    await folder.writeTensors('start', await recallStartWeights(startWeights, network));
  else await freshStart(run, stream);
}

/** The parameters at the start point, packed: given, fresh, or after the epochs of dense training before a rewind start. */
export async function startPoint(run: OngoingRun): Promise<Float32Array> {
  const { folder, network, packing } = run;
  if (!(await folder.has('start')) && !(await takeStart(run))) await makeStart(run);
  return packing.join(await folder.readFloats('start', network.parameters));
}
