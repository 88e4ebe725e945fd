import type { FallbackTrace } from '@winnow/experiments';
import type { BackendDevice } from '@winnow/plugin-api';
import type { MachineFacts } from '../composition/machine.ts';

const HANDS_ON: readonly string[] = ['native', 'webgpu'];

function deviceLine({ name, vendor, architecture, software }: BackendDevice): [string, string] {
  const of = [vendor, architecture].filter(Boolean).join(', ');
  return ['  adapter', `${name}${of && ` (${of})`}, ${software ? 'software' : 'hardware'}`];
}

function traceLines({ backend, fellBack }: FallbackTrace): [string, string][] {
  if (!HANDS_ON.includes(backend))
    return [['trace', `on ${backend}: only ${HANDS_ON.join(' and ')} hand ops on`]];
  if (fellBack.length === 0) return [['trace', 'no op fell back']];
  return fellBack.map(({ op, calls }) => ['fell back', `${op}, ${calls} calls`]);
}

/** What is told of a machine. */
export function machineLines(facts: MachineFacts): string[] {
  const { total, free } = facts.memoryGiB;
  const lines: [string, string][] = [
    ...Object.entries(facts.versions),
    ['processor', `${facts.processor}, ${facts.threads} threads`],
    ['memory', `${total.toFixed(1)} GiB, ${free.toFixed(1)} GiB free`],
    ...facts.backends.flatMap(({ name, starts, reason, devices = [] }): [string, string][] => [
      [name, starts ? 'starts' : `does not start: ${reason}`],
      ...devices.map(deviceLine),
    ]),
    ['auto', facts.auto ?? 'none'],
    ...(facts.trace ? traceLines(facts.trace) : []),
  ];
  return lines.map(([name, value]) => `${name.padEnd(15)} ${value}`);
}
