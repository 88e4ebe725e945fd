import { type PageFact, type PageTable, percentOf, savedTo, shortCount } from '@winnow/report';
import type { RunResult } from '../run-result.ts';
import { type Speed, tellSpeed } from '../speed.ts';

const bytesText = (bytes: number) => `${shortCount(bytes)}B`;
const count = (value: number) => value.toLocaleString('en-US');

/** How many times as fast the ticket is as all weights; nothing where one of both was not measured. */
function timesAsFast(speed: Speed | undefined, what: 'train' | 'inference'): number | undefined {
  const [dense, ticket] = [speed?.dense[what], speed?.ticket?.[what]];
  return dense && ticket ? dense / ticket : undefined;
}

/** What there is to save by it, in numbers with a few words. */
export function savingFacts(result: RunResult, speed: Speed | undefined): PageFact[] {
  const { kept, size, multiplyAdds, bytes } = result;
  const saved = savedTo(result);
  const faster = timesAsFast(speed, 'inference');
  return [
    {
      name: 'weights',
      value: count(kept),
      beside: `of ${count(size)} (${percentOf(kept, size)})`,
    },
    {
      name: 'bytes',
      value: bytesText(saved ?? bytes.dense),
      beside:
        saved === undefined
          ? 'a sparse file would be no smaller'
          : `instead of ${bytesText(bytes.dense)}`,
    },
    {
      name: 'multiply-adds an image',
      value: shortCount(multiplyAdds.kept).trim(),
      beside: `of ${shortCount(multiplyAdds.dense).trim()} (${percentOf(multiplyAdds.kept, multiplyAdds.dense)})`,
    },
    ...(faster === undefined
      ? []
      : [
          {
            name: 'inference, measured',
            value: `${speed!.ticket!.inference} ms`,
            beside: `a batch of ${speed!.batch}; ${speed!.dense.inference} ms with all weights (${faster.toFixed(1)}×)`,
          },
        ]),
  ];
}

/** The same and more of it, exactly. */
export function savingTable(result: RunResult, speed: Speed | undefined): PageTable {
  const { kept, size, multiplyAdds, bytes } = result;
  const numbers: readonly (readonly [what: string, dense: number, ticket: number])[] = [
    ['weights', size, kept],
    ['bytes of weights and indices', bytes.dense, bytes.sparse],
    ['bytes of weights and a bit mask', bytes.dense, bytes.bitmask],
    ['multiply-adds an image', multiplyAdds.dense, multiplyAdds.kept],
  ];
  const [training, inference] = [
    ['training step', 'train'],
    ['inference', 'inference'],
  ].map(([name, what]) => {
    const of = what as 'train' | 'inference';
    const ms = (value: number | null | undefined) => (value == null ? '' : `${value} ms`);
    const [dense, ticket] = [speed?.dense[of], speed?.ticket?.[of]];
    const share = dense && ticket ? percentOf(ticket, dense) : '';
    return [`${name}, a batch of ${speed?.batch}`, ms(dense), ms(ticket), share];
  });
  return {
    kind: 'table',
    caption: speed ? `What it saves. ${tellSpeed(speed).heading}.` : 'What it saves',
    columns: ['what', 'dense', 'ticket', 'share'],
    rows: [
      ...numbers.map(([what, dense, ticket]) => [
        what,
        count(dense),
        count(ticket),
        percentOf(ticket, dense),
      ]),
      ...(speed ? [training!, inference!] : []),
    ],
  };
}
