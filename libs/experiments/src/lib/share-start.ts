import { canonicalJson } from './canonical-json.ts';
import { type RunConfig, comparable } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';

/** Whether two runs train alike up to the start point: they then have the same start to the bit. */
export function haveSameStart(a: RunConfig, b: RunConfig): boolean {
  const before = (config: RunConfig) => {
    const { method, objective, density, layerDensities, layerOrder, ablation, fineTune, ...rest } =
      comparable(config);
    return canonicalJson(rest);
  };
  return before(a) === before(b);
}

/** Gives a run the start point of another that has the same, with what it cost. */
export async function shareStart(from: RunFolder, to: RunFolder): Promise<void> {
  const { pretrain } = await from.readTimings();
  await to.writeTimings({ ...(await to.readTimings()), pretrain });
  await to.writeMultiplyAdds('pretrain', (await from.readMultiplyAdds()).pretrain);
  await to.copyStart(from);
}
