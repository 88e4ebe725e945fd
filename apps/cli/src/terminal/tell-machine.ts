import type { FallbackTrace } from '@winnow/experiments';
import type { MachineFacts } from '../composition/machine.ts';

function traceLines({ backend, fellBack }: FallbackTrace): [string, string][] {
  if (backend !== 'native') return [['trace', `on ${backend}: only native hands ops on`]];
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
    ...facts.backends.map(({ name, starts, reason }): [string, string] => [
      name,
      starts ? 'starts' : `does not start: ${reason}`,
    ]),
    ['auto', facts.auto ?? 'none'],
    ...(facts.trace ? traceLines(facts.trace) : []),
  ];
  return lines.map(([name, value]) => `${name.padEnd(15)} ${value}`);
}
