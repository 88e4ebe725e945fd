import { copyMetrics } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';

/** Gives a run the start point of another that begins alike, with what it cost, and how it went. */
export async function shareStart(from: RunFolder, to: RunFolder): Promise<void> {
  const { pretrain } = await from.readTimings();
  await to.writeTimings({ ...(await to.readTimings()), pretrain });
  await to.writeMultiplyAdds('pretrain', (await from.readMultiplyAdds()).pretrain);
  await copyMetrics(from, to, ({ phase }) => phase === 'pretrain');
  await to.copyStart(from);
}
