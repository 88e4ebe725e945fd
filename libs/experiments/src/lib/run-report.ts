import {
  type ReportSection,
  curvesPicture,
  htmlReport,
  layerPicture,
  methodLabel,
  minutesText,
  savings,
} from '@winnow/report';
import { tellRoad } from '@winnow/training';
import { tellFineTune } from './fine-tune.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunResult } from './run-result.ts';
import { type Speed, tellSpeed } from './speed.ts';

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;

function speedSection(speed: Speed): ReportSection {
  const { heading, ...table } = tellSpeed(speed);
  return { heading: 'How fast it is', text: `${heading}.`, table };
}

/** Writes a run's `report.html`. */
export async function writeRunReport(folder: RunFolder, result: RunResult): Promise<void> {
  const ticket = (await folder.has('ticket')) ? await folder.readTicket() : undefined;
  const [speed, rows] = [await folder.readSpeed(), await folder.readMetrics()];
  const layers = [...(ticket?.layers ?? [])].map(([name, { kept }]) => ({
    name,
    size: kept.length,
    kept: kept.reduce((sum, bit) => sum + bit, 0),
  }));
  const html = htmlReport({
    title: `${result.model} on ${result.dataset}: ${methodLabel(result)}`,
    summary: [
      `Test accuracy ${percent(result.testAccuracy)} on ${result.testExamples} images. ${savings(result).join('; ')}.`,
      ...(ticket?.provenance.notes ?? []).map((note) => `Note: ${note}.`),
    ].join('\n\n'),
    sections: [
      {
        heading: 'Result',
        table: {
          columns: ['', ''],
          rows: [
            ['test accuracy', percent(result.testAccuracy)],
            ['validation accuracy', percent(result.validationAccuracy)],
            ['validation accuracy before training', percent(result.accuracyBeforeTraining)],
            ['density asked for', result.density],
            ['start', `${result.start}, ${result.rewindEpochs} epochs`],
            ...(result.fineTune ? [['fine-tuned', tellFineTune(result.fineTune)] as const] : []),
            ['seed', result.seed],
            ['backend', result.backend],
            ...(result.roads
              ? [
                  ...(result.roads.search
                    ? [['search', tellRoad(result.roads.search)] as const]
                    : []),
                  ['training', tellRoad(result.roads.train)] as const,
                  ['evaluation', tellRoad(result.roads.evaluate)] as const,
                ]
              : []),
            ...Object.entries(result.minutes).map(([phase, m]): [string, string] => [
              `minutes of ${phase}`,
              minutesText(m),
            ]),
          ],
        },
      },
      ...(speed ? [speedSection(speed)] : []),
      ...(ticket
        ? [
            {
              heading: 'What the ticket keeps',
              svg: layerPicture({ title: 'Density by layer', layers }),
            },
          ]
        : []),
      // Runs of studies need not keep their steps.
      ...(rows.length > 0
        ? [{ heading: 'On the way', svg: curvesPicture({ title: 'Every step', rows }) }]
        : []),
    ],
  });
  await folder.store.write('report.html', html);
}
