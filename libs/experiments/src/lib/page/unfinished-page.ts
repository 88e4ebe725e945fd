import {
  type Page,
  type PageBlock,
  type PageLink,
  type PageSection,
  densityText,
  methodLabel,
} from '@winnow/report';
import type { Environment } from '../environment.ts';
import type { MetricsRow } from '../metrics-log.ts';
import type { RunConfig } from '../run-config.ts';
import { configurationSection } from './configuration.ts';
import { stepsSection } from './steps.ts';

/** What there is to tell of a run without a result. */
export interface UnfinishedRecord {
  readonly config: RunConfig;
  /** How far it is, in a sentence. */
  readonly standing: string;
  /** Numbers of it, in large letters. */
  readonly facts?: PageBlock | undefined;
  readonly failure?: { readonly reason: string; readonly log: readonly string[] } | undefined;
  readonly metrics: readonly MetricsRow[];
  readonly environments: readonly Environment[];
  readonly command?: string | undefined;
  readonly around: readonly PageLink[];
}

function failureSection({ failure }: UnfinishedRecord): PageSection[] {
  if (!failure) return [];
  const { reason, log } = failure;
  const end: PageBlock[] =
    log.length > 0 ? [{ kind: 'log', label: 'End of its log', lines: log }] : [];
  return [{ heading: 'Why it failed', blocks: [reason, ...end] }];
}

/** The page of a run that waits, is under way, or has failed. */
export function unfinishedPage(record: UnfinishedRecord): Page {
  const { config, standing, facts, metrics, environments, command, around } = record;
  const { method, objective, model, dataset, density, seed } = config;
  const label = methodLabel({
    method: method.name,
    ...(objective && { objective: objective.name }),
  });
  return {
    title: `${model.name} on ${dataset.name}: ${label}`,
    summary: `Density ${densityText(density)}, seed ${seed}. ${standing}`,
    links: around,
    blocks: facts ? [facts] : [],
    sections: [
      ...failureSection(record),
      ...stepsSection(metrics),
      configurationSection(config, { environments }, command),
    ],
  };
}
