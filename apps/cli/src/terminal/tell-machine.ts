import { type FallbackTrace, MEASURED_STEP } from '@winnow/experiments';
import type { BackendDevice } from '@winnow/plugin-api';
import type { BackendFacts, MachineFacts } from '../composition/machine.ts';

const HANDS_ON: readonly string[] = ['native', 'tensorflow', 'tensorflow-gpu', 'webgpu'];

function deviceLine({ name, vendor, architecture, software }: BackendDevice): [string, string] {
  const of = [vendor, architecture].filter(Boolean).join(', ');
  return ['  adapter', `${name}${of && ` (${of})`}, ${software ? 'software' : 'hardware'}`];
}

function traceLines({ backend, fellBack }: FallbackTrace): [string, string][] {
  if (!HANDS_ON.includes(backend))
    return [['trace', `on ${backend}: only ${HANDS_ON.join(', ')} hand ops on`]];
  if (fellBack.length === 0) return [['trace', 'no op fell back']];
  return fellBack.map(({ op, calls }) => ['fell back', `${op}, ${calls} calls`]);
}

function stepTold({ step }: BackendFacts): string {
  if (!step) return 'not measured';
  const on = `on ${step.at.slice(0, 10)}`;
  if (step.stepMs === undefined) return `no step ${on}: ${step.reason}`;
  const few = step.steps === 0 ? ', the first alone' : '';
  return `a step took ${Number(step.stepMs.toPrecision(3))} ms ${on}${few}`;
}

function backendLines(facts: BackendFacts): [string, string][] {
  const { name, starts, reason, devices = [], step } = facts;
  // A driver in software has a step too, and does not start by itself.
  const measured = step?.stepMs === undefined ? '' : ` (${stepTold(facts)})`;
  return [
    [name, starts ? `starts, ${stepTold(facts)}` : `does not start: ${reason}${measured}`],
    ...devices.map(deviceLine),
  ];
}

/** The backend that `auto` takes, and what it might take. */
function autoLines({ auto, unmeasured, backends }: MachineFacts): [string, string][] {
  const { model, batch, imageSize } = MEASURED_STEP;
  const left = unmeasured.length > 0 ? `; never measured: ${unmeasured.join(', ')}` : '';
  const isKnown = backends.every(({ starts, step }) => !starts || step);
  return [
    ['auto', `${auto ?? 'none'}${left}`],
    [
      'a step',
      `of training ${model} on ${batch} images of ${imageSize}×${imageSize}${isKnown ? '' : ', which `winnow doctor --measure` takes on each backend'}`,
    ],
  ];
}

/** What is told of a machine. */
export function machineLines(facts: MachineFacts): string[] {
  const { total, free } = facts.memoryGiB;
  const lines: [string, string][] = [
    ...Object.entries(facts.versions),
    ['processor', `${facts.processor}, ${facts.threads} threads`],
    ['memory', `${total.toFixed(1)} GiB, ${free.toFixed(1)} GiB free`],
    ...facts.backends.flatMap(backendLines),
    ...autoLines(facts),
    ...(facts.trace ? traceLines(facts.trace) : []),
  ];
  return lines.map(([name, value]) => `${name.padEnd(15)} ${value}`);
}
