import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  startChosenBackend,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import type { FallbackTrace } from '../trace-fallbacks.ts';
import { versions } from '../version.ts';

const GIB = 2 ** 30;
/** Backends that there will be. */
const PLANNED = [{ name: 'webgpu', starts: false, reason: 'it is not in this version' }];

interface DoctorFlags {
  trace?: boolean;
  backend: string;
  json?: boolean;
}

function traceLines({ backend, fellBack }: FallbackTrace): [string, string][] {
  if (backend !== 'native') return [['trace', `on ${backend}: only native hands ops on`]];
  if (fellBack.length === 0) return [['trace', 'no op fell back']];
  return fellBack.map(({ op, calls }) => ['fell back', `${op}, ${calls} calls`]);
}

export function doctorCommand({ plugins }: CommandContext): Command {
  const command = new Command('doctor')
    .option(
      '--trace',
      "take a training step and a CTS step, and list what native left to TensorFlow.js's reference",
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow doctor\n  $ winnow doctor --json\n  $ winnow doctor --trace --backend native',
    );
  withPlugins(withBackend(command));
  return command.action(async ({ trace: wanted, backend: choice, json }: DoctorFlags) => {
    const registry = await loadRegistry(plugins);
    const backends: { name: string; starts: boolean; reason?: string }[] = [];
    for (const backend of registry.all('backend').sort((a, b) => b.priority - a.priority)) {
      try {
        await backend.start();
        backends.push({ name: backend.name, starts: true });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        backends.push({ name: backend.name, starts: false, reason });
      }
    }
    backends.push(...PLANNED);
    let trace: FallbackTrace | undefined;
    if (wanted) {
      const { traceFallbacks } = await import('../trace-fallbacks.ts');
      trace = traceFallbacks(await startChosenBackend(choice, registry), registry);
    }
    const facts = {
      versions: versions(),
      processor: cpus()[0]?.model ?? process.arch,
      threads: availableParallelism(),
      memoryGiB: { total: totalmem() / GIB, free: freemem() / GIB },
      backends,
      auto: backends.find((b) => b.starts)?.name,
      ...(trace ? { trace } : {}),
    };
    if (json) return writeJson(facts);
    const { total, free } = facts.memoryGiB;
    const lines = [
      ...Object.entries(facts.versions).map(([name, version]) => [name, version]),
      ['processor', `${facts.processor}, ${facts.threads} threads`],
      ['memory', `${total.toFixed(1)} GiB, ${free.toFixed(1)} GiB free`],
      ...backends.map((b) => [b.name, b.starts ? 'starts' : `does not start: ${b.reason}`]),
      ['auto', facts.auto ?? 'none'],
      ...(trace ? traceLines(trace) : []),
    ] as const;
    for (const [name, value] of lines) process.stdout.write(`${name.padEnd(15)} ${value}\n`);
  });
}
