import { Invocation } from '../composition/invocation.ts';
import { handler } from '../composition/handler.ts';
import { REGISTRY } from '../composition/tokens.ts';
import { memoryConsole } from '../terminal/memory-console.ts';
import { memoryRecords } from './backend-records.ts';
import {
  type Finding,
  type Probe,
  type ProbeWish,
  type Tell,
  added,
  findOut,
  reasonOf,
} from './probe.ts';

const registryOf = handler([REGISTRY], (registry) => registry);

/** Finds out in this process, which then holds the backend. Tells what it finds as it does. Never throws. */
export async function probeHere(wish: ProbeWish, onFinding: Tell = () => {}): Promise<Probe> {
  let probe: Probe = { steps: [] };
  const tell = (finding: Finding) => {
    probe = added(probe, finding);
    return onFinding(finding);
  };
  const { plugins } = wish;
  const from = process.cwd();
  const sources = plugins === 'none' ? plugins : plugins.map((specifier) => ({ specifier, from }));
  try {
    // What was measured before is nothing to it.
    const services = { console: memoryConsole(), records: memoryRecords() };
    const registry = await new Invocation(services, sources).compose(registryOf);
    await findOut(wish, registry, tell);
  } catch (error) {
    await tell({ starts: false, reason: reasonOf(error) });
  }
  return probe;
}
