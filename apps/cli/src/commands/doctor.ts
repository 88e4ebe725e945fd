import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { Command } from 'commander';
import { type CommandContext, loadRegistry, withPlugins, writeJson } from '../command-context.ts';
import { versions } from '../version.ts';

const GIB = 2 ** 30;

export function doctorCommand({ plugins }: CommandContext): Command {
  const command = new Command('doctor')
    .description('tell what this machine offers, and which backends start')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ winnow doctor\n  $ winnow doctor --json');
  return withPlugins(command).action(async ({ json }: { json?: boolean }) => {
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
    const facts = {
      versions: versions(),
      processor: cpus()[0]?.model ?? process.arch,
      threads: availableParallelism(),
      memoryGiB: { total: totalmem() / GIB, free: freemem() / GIB },
      backends,
      auto: backends.find((b) => b.starts)?.name,
    };
    if (json) return writeJson(facts);
    const { total, free } = facts.memoryGiB;
    const lines = [
      ...Object.entries(facts.versions).map(([name, version]) => [name, version]),
      ['processor', `${facts.processor}, ${facts.threads} threads`],
      ['memory', `${total.toFixed(1)} GiB, ${free.toFixed(1)} GiB free`],
      ...backends.map((b) => [b.name, b.starts ? 'starts' : `does not start: ${b.reason}`]),
      ['auto', facts.auto ?? 'none'],
    ] as const;
    for (const [name, value] of lines) process.stdout.write(`${name.padEnd(15)} ${value}\n`);
  });
}
