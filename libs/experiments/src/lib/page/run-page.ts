import {
  type LayerCensus,
  type Page,
  type PageSection,
  densityText,
  layerPicture,
  mebibytesText,
  methodLabel,
  minutesText,
  savings,
  shortCount,
} from '@winnow/report';
import type { Ticket } from '@winnow/tickets';
import type { RunResult } from '../run-result.ts';
import { configurationSection } from './configuration.ts';
import type { RunRecord } from './run-record.ts';
import { savingFacts, savingTable } from './saving.ts';
import { stepsSection } from './steps.ts';

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;

function resultSection(result: RunResult): PageSection {
  const { testLoss, validationLoss } = result;
  return {
    heading: 'How accurate it is',
    blocks: [
      {
        kind: 'table',
        caption: 'Accuracy, and mean cross-entropy in nats',
        columns: ['images', 'accuracy', 'loss'],
        rows: [
          [`test (${result.testExamples})`, percent(result.testAccuracy), lossText(testLoss)],
          ['validation', percent(result.validationAccuracy), lossText(validationLoss)],
          ['validation, before training', percent(result.accuracyBeforeTraining), ''],
        ],
      },
    ],
  };
}

const lossText = (loss: number | undefined) => (loss === undefined ? '' : loss.toPrecision(4));

function costSection({ minutes, multiplyAddsSpent, ...peak }: RunResult): PageSection {
  const spent = multiplyAddsSpent as Readonly<Record<string, number | undefined>> | undefined;
  return {
    heading: 'What it cost',
    blocks: [
      {
        kind: 'table',
        caption: 'By phase',
        columns: ['phase', 'minutes', 'multiply-adds'],
        rows: Object.entries(minutes).map(([phase, value]) => {
          const adds = spent?.[phase];
          return [phase, minutesText(value), adds === undefined ? '' : shortCount(adds).trim()];
        }),
      },
      ...memoryTold(peak),
    ],
  };
}

function memoryTold({
  peakMemoryBytes: host,
  peakDeviceBytes: device,
}: Pick<RunResult, 'peakMemoryBytes' | 'peakDeviceBytes'>): string[] {
  if (host === undefined) return [];
  const beside =
    device === undefined ? '' : `, and ${mebibytesText(device)} of tensors on the device`;
  return [`At most ${mebibytesText(host)} of memory${beside}.`];
}

function layersSection(layers: readonly LayerCensus[]): PageSection {
  const collapsed = layers.filter(({ kept }) => kept === 0).map(({ name }) => name);
  const densities = layers.map(({ kept, size }) => kept / size);
  const ends = [Math.min(...densities), Math.max(...densities)].map(densityText);
  const lost = collapsed.length > 0 ? ` Nothing is kept of ${collapsed.join(', ')}.` : '';
  return {
    heading: 'What the ticket keeps',
    blocks: [
      {
        kind: 'chart',
        label: `Density of ${layers.length} layers, from ${ends[0]} to ${ends[1]}.${lost}`,
        draw: (look) => layerPicture({ title: 'Density by layer', layers }, look),
      },
      {
        kind: 'table',
        caption: 'Weights by layer',
        columns: ['layer', 'weights', 'kept', 'density'],
        rows: layers.map(({ name, size, kept }) => [
          name,
          size.toLocaleString('en-US'),
          kept.toLocaleString('en-US'),
          densityText(kept / size),
        ]),
        folded: true,
      },
    ],
  };
}

/** Of runs of before results had notes too. */
const allNotes = (ticket: Ticket | undefined, { notes = [] }: RunResult) => [
  ...new Set([...(ticket?.provenance.notes ?? []), ...notes]),
];

/** The page of a finished run. */
export function runPage({
  config,
  result,
  ticket,
  speed,
  metrics,
  command,
  around,
}: RunRecord): Page {
  const isDense = result.kept === result.size;
  const layers = [...(ticket?.layers ?? [])].map(([name, { kept }]) => ({
    name,
    size: kept.length,
    kept: kept.reduce((sum, bit) => sum + bit, 0),
  }));
  const of = isDense ? 'All weights' : `Density ${densityText(result.density)}`;
  return {
    title: `${result.model} on ${result.dataset}: ${methodLabel(result)}`,
    summary: [
      `${of}, seed ${result.seed}: test accuracy ${percent(result.testAccuracy)} on ${result.testExamples} images. ${savings(result).join('; ')}.`,
      ...allNotes(ticket, result).map((note) => `Note: ${note}.`),
    ].join('\n\n'),
    links: around,
    blocks: [
      {
        kind: 'facts',
        facts: [
          {
            name: 'test accuracy',
            value: percent(result.testAccuracy),
            beside: `on ${result.testExamples} images`,
          },
          ...savingFacts(result, speed),
        ],
      },
    ],
    sections: [
      { heading: 'What it saves', blocks: [savingTable(result, speed)] },
      ...(layers.length > 0 ? [layersSection(layers)] : []),
      resultSection(result),
      ...stepsSection(metrics),
      costSection(result),
      configurationSection(config, result, command),
    ],
  };
}
