import { basename } from 'node:path';
import {
  type PhaseProgress,
  type RunConfig,
  RunFolder,
  readRunRecord,
  repeatCommand,
  runPage,
  unfinishedPage,
} from '@winnow/experiments';
import { type ComponentRegistry, isWinnowError } from '@winnow/plugin-api';
import { type Page, type PageLink, durationText } from '@winnow/report';
import type { RunView } from './live-run.ts';

interface LiveRunPageSetting {
  /** Pages around it. */
  readonly around: readonly PageLink[];
  /** What its command is made of. */
  readonly registry: ComponentRegistry;
}

/** `40 %` of the steps. */
export const shareOf = ({ step, steps }: PhaseProgress) => `${Math.floor((100 * step) / steps)} %`;
/** `4 of 8`, from 1. */
export const epochOf = ({ epoch, epochs }: PhaseProgress) => `${epoch + 1} of ${epochs}`;

/** None of a run with a component of a plugin that is not loaded. */
function commandOf(config: RunConfig, registry: ComponentRegistry): string | undefined {
  try {
    return repeatCommand(config, registry);
  } catch (error) {
    if (!isWinnowError(error)) throw error;
    return undefined;
  }
}

async function pageOf(run: RunView, { around, registry }: LiveRunPageSetting): Promise<Page> {
  const { folder, config, result, failure, problem, progress, state } = run;
  const of = new RunFolder(folder);
  if (result)
    return runPage({
      ...(await readRunRecord(of, result, (own) => commandOf(own, registry))),
      around,
    });
  const told = {
    running: progress
      ? `It is under way: ${progress.phase}, epoch ${epochOf(progress)}.`
      : 'It is under way.',
    failed: 'It has failed.',
    unreadable: `It cannot be read: ${problem}`,
    begun: 'It was begun, and stands still.',
    new: 'It waits.',
    done: '',
  }[state];
  return unfinishedPage({
    config,
    standing: told,
    ...(progress && {
      facts: {
        kind: 'facts',
        facts: [
          {
            name: progress.phase,
            value: shareOf(progress),
            beside: `epoch ${epochOf(progress)}`,
          },
          { name: 'so far', value: durationText(run.minutes) },
          { name: 'left of this phase', value: durationText(run.minutesLeft) },
        ],
      },
    }),
    failure,
    metrics: run.rows,
    environments: state === 'unreadable' ? [] : await of.readEnvironments(),
    command: commandOf(config, registry),
    around,
  });
}

/** The page of a run as it is now; of one that cannot be read, or has gone meanwhile, what is wrong. */
export function liveRunPage(run: RunView, setting: LiveRunPageSetting): Promise<Page> {
  return pageOf(run, setting).catch((error: unknown): Page => {
    if (!isWinnowError(error)) throw error;
    const { around: links } = setting;
    return { title: basename(run.folder), summary: error.message, links, sections: [] };
  });
}
