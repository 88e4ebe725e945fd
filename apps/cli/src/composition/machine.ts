import { availableParallelism, freemem, totalmem } from 'node:os';
import {
  type BackendNumbers,
  type FallbackTrace,
  canonicalJson,
  stepMsOf,
} from '@winnow/experiments';
import type { BackendDescriptor, BackendDevice, ComponentRegistry } from '@winnow/plugin-api';
import { autoOrder } from '@winnow/tensor-backend';
import type { BackendRecords, MeasuredStep } from '../backends/backend-records.ts';
import { groundOf, processor } from '../backends/ground.ts';
import { measuredStep } from '../backends/measured-backends.ts';
import { type Probe, type ProbeBackend, added, findOut, startFound } from '../backends/probe.ts';
import { versions } from './version.ts';

const GIB = 2 ** 30;

export interface BackendFacts {
  readonly name: string;
  /** As `auto` starts it. */
  readonly starts: boolean;
  readonly reason?: string;
  /** Versions of what was installed for it. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Of a backend with a choice, that which work goes to first. */
  readonly devices?: readonly BackendDevice[];
  /** What was measured of it, if that still holds. */
  readonly step?: Pick<MeasuredStep, 'stepMs' | 'reason' | 'steps' | 'at'>;
  /** Where it was to be checked. */
  readonly checked?: {
    readonly numbers: BackendNumbers | undefined;
    readonly losesNaN: readonly string[] | undefined;
  };
}

export interface MachineFacts {
  readonly versions: Readonly<Record<string, string>>;
  readonly processor: string;
  readonly threads: number;
  readonly memoryGiB: { readonly total: number; readonly free: number };
  /** In the order in which `auto` tries them. */
  readonly backends: readonly BackendFacts[];
  /** The backend that `auto` means here. */
  readonly auto?: string | undefined;
  /** Those that `auto` does not take as they were not measured. */
  readonly unmeasured: readonly string[];
  readonly trace?: FallbackTrace;
}

/** By what a machine is looked at. */
export interface MachineSetting {
  readonly registry: ComponentRegistry;
  readonly records: BackendRecords;
  readonly probe: ProbeBackend;
  readonly plugins: readonly string[] | 'none';
  /** Told of each that is measured or checked, before it is. */
  readonly onProbe?: (backend: string) => void;
}

/** What is found out beside which backends start. */
export interface MachineWish {
  /** Whether steps are measured, and kept. */
  readonly measure?: boolean;
  /** Whether backends are looked at for what they compute. */
  readonly check?: boolean;
}

async function startHere(backend: BackendDescriptor, registry: ComponentRegistry): Promise<Probe> {
  let probe: Probe = { steps: [] };
  const wish = { backend: backend.name, plugins: [], measure: false, check: false };
  await findOut(wish, registry, (finding) => {
    probe = added(probe, finding);
  });
  return probe;
}

/** By name. Where backends are measured, each has the machine to itself. */
async function probesOf(
  backends: readonly BackendDescriptor[],
  { registry, probe, plugins, onProbe }: MachineSetting,
  { measure = false, check = false }: MachineWish,
): Promise<Map<string, Probe>> {
  const apart = (backend: string) => probe({ backend, plugins, measure, check });
  const probes = new Map<string, Probe>();
  if (measure || check) {
    for (const { name } of backends) {
      onProbe?.(name);
      probes.set(name, await apart(name));
    }
    return probes;
  }
  const external = backends.filter((backend) => backend.external);
  const found = Promise.all(external.map(async ({ name }) => [name, await apart(name)] as const));
  for (const backend of backends)
    if (!backend.external) probes.set(backend.name, await startHere(backend, registry));
  for (const [name, known] of await found) probes.set(name, known);
  return probes;
}

/** Of what was not there to be measured. */
const NOT_STARTED = 'it does not start';

/** What came of timing: what broke off otherwise than by its time limit is not to be relied on. */
function timed({ starts, steps, broke, late }: Probe) {
  const stepMs = late || broke === undefined ? stepMsOf(steps) : undefined;
  if (stepMs !== undefined)
    return { stepMs: Number(stepMs.toPrecision(5)), steps: steps.length - 1 };
  return { reason: broke ?? (starts ? 'it took no step' : NOT_STARTED), steps: 0 };
}

/** Keeps what was measured, beside what is known of backends that are not here now. */
async function keepSteps(
  backends: readonly BackendDescriptor[],
  probes: ReadonlyMap<string, Probe>,
  { registry, records }: MachineSetting,
): Promise<void> {
  const at = new Date().toISOString();
  const measured = backends.map((backend): MeasuredStep => {
    const probe = probes.get(backend.name)!;
    const on = groundOf(backend, records.installed(backend.name), registry.plugins);
    return { backend: backend.name, ...timed(probe), at, on, devices: probe.devices };
  });
  const others = records.steps().filter(({ backend }) => !probes.has(backend));
  await records.keep([...others, ...measured]);
}

function factsOf(
  backend: BackendDescriptor,
  probe: Probe,
  { registry, records }: MachineSetting,
  check: boolean,
): BackendFacts {
  const { devices, numbers, losesNaN } = probe;
  const known = measuredStep(backend, records, registry.plugins);
  const sameDevices = !known?.devices || canonicalJson(known.devices) === canonicalJson(devices);
  const step = sameDevices && known?.reason !== NOT_STARTED ? known : undefined;
  const { name } = backend;
  const packages = records.installed(name);
  return {
    name,
    ...startFound(name, probe),
    ...(Object.keys(packages).length > 0 && { packages }),
    ...(devices && { devices }),
    ...(step && {
      step: { stepMs: step.stepMs, reason: step.reason, steps: step.steps, at: step.at },
    }),
    ...(check && { checked: { numbers, losesNaN } }),
  };
}

/** What this machine offers; tries every backend. Throws FILE_NOT_WRITABLE where measured steps cannot be kept. */
export async function machineFacts(
  setting: MachineSetting,
  wish: MachineWish = {},
): Promise<MachineFacts> {
  const tried = autoOrder(setting.registry.all('backend'));
  const probes = await probesOf(tried, setting, wish);
  if (wish.measure) await keepSteps(tried, probes, setting);
  const facts = tried.map((backend) => {
    const { priority, external = false } = backend;
    const known = factsOf(backend, probes.get(backend.name)!, setting, wish.check ?? false);
    const stepMs = known.step?.stepMs;
    return { known, priority, external, ...(stepMs !== undefined && { stepMs }) };
  });
  const order = autoOrder(facts);
  return {
    versions: versions(),
    processor: processor(),
    threads: availableParallelism(),
    memoryGiB: { total: totalmem() / GIB, free: freemem() / GIB },
    backends: order.map(({ known }) => known),
    auto: order.find(({ known }) => known.starts)?.known.name,
    unmeasured: order
      .filter(({ external, known }) => external && known.starts && !known.step)
      .map(({ known }) => known.name),
  };
}
