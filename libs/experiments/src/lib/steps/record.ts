import { type Ticket, takeCensus } from '@winnow/tickets';
import type { Roads } from '../roads.ts';
import { everyWeight } from '../run-network.ts';
import { type RunResult, searchResult } from '../run-result.ts';
import type { Accuracies } from './accuracies.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** The run's result, which is written last: a run that has one is done. */
export async function record(
  { config, folder, network }: OngoingRun,
  ticket: Ticket | undefined,
  roads: Roads,
  { untrained, validation, test }: Accuracies,
): Promise<RunResult> {
  const whole = ticket ?? everyWeight(network, config.seed);
  const { multiplyAdds, bytes } = takeCensus(whole, network.parameters);
  const found = await searchResult(config, folder, network, whole);
  const { minutes, ...facts } = found;
  const seconds = await folder.readTimings();
  const peak = await folder.readPeakMemory();
  const result: RunResult = {
    ...facts,
    ...(config.fineTune && { fineTune: config.fineTune }),
    roads,
    multiplyAdds,
    bytes,
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    testExamples: test.examples,
    validationAccuracy: validation.accuracy,
    validationLoss: validation.loss,
    accuracyBeforeTraining: untrained.accuracy,
    minutes: { ...minutes, train: seconds.train / 60, evaluate: seconds.evaluate / 60 },
    multiplyAddsSpent: await folder.readMultiplyAdds(),
    ...(peak && { peakMemoryBytes: peak.bytes }),
    ...(peak?.deviceBytes !== undefined && { peakDeviceBytes: peak.deviceBytes }),
  };
  await folder.writeResult(result);
  return result;
}
