import { basename, resolve } from 'node:path';
import { LivePages, LiveRuns, WatchedSite, serveLive } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, INTERRUPTION, REGISTRY } from '../composition/tokens.ts';
import { parsePort } from '../flags/option-parsers.ts';
import { readStudy, runsOf } from '../flags/study-file.ts';
import { print } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface WatchFlags {
  host: string;
  port: number;
}

const EXAMPLES = `
Examples:
  $ winnow watch
  $ winnow watch study.yaml
  $ winnow watch runs/quickstart --port 0
  $ winnow watch /shared/runs --host 0.0.0.0   # for others too, by a token in the address`;

/** So often runs under way are looked at; they write every 20 seconds. */
const EVERY_MS = 5000;

const isStudy = (path: string) => /\.ya?ml$/.test(path);

const watch = handler([REGISTRY, CONSOLE, INTERRUPTION], (registry, console, interruption) => {
  return async (given: string[], { host, port }: WatchFlags) => {
    const toCome = given.filter(isStudy).map((path) => runsOf(readStudy(path)));
    const there = given.filter((path) => !isStudy(path));
    await interruption(async (signal) => {
      const runs = await LiveRuns.at(there, toCome);
      const title = given.map((path) => basename(resolve(path))).join(', ');
      const pages = new LivePages({
        title,
        folders: [...there, ...toCome],
        registry,
        now: Date.now,
      });
      const site = new WatchedSite(runs, pages.render);
      const ended = new AbortController();
      const served = AbortSignal.any([signal, ended.signal]);
      const address = await serveLive(site, { host, port, signal: served });
      const { length } = runs.views();
      print(console, `${length} ${length === 1 ? 'run' : 'runs'} at ${address}`, 'Ctrl-C ends it.');
      await site.follow(EVERY_MS, signal).finally(() => ended.abort());
    }, 'Stopping');
  };
});

export function watchCommand(context: CommandContext): Command {
  return new Command('watch')
    .argument('[runs...]', 'run folders, or folders around them, or files of studies (.yaml)', [
      'runs',
    ])
    .option(
      '--host <name>',
      'address to listen at; all but those of this machine alone get a token',
      '127.0.0.1',
    )
    .option('--port <number>', 'port to listen at; 0 takes a free one', parsePort, 8642)
    .addHelpText('after', EXAMPLES)
    .action(context.looking(watch));
}
