/**
 * What can be done once a file of a run is lost, by its name: the first that matches. Nothing else is lost with it. With a
 * result `winnow resume` computes nothing unless it is told up to where.
 */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^config\.json$/, 'Bring back a copy of it, or begin the run again in another folder.'],
  [
    /^checkpoint\/pretrain\./,
    'Remove it, and `winnow resume` begins the training up to the start point again.',
  ],
  [
    /^checkpoint\/search\./,
    'Remove it, and `winnow resume` begins the search again, from the start point that is there.',
  ],
  [
    /^checkpoint\//,
    'Remove it, and `winnow resume` begins this phase again, from the start point and the ticket that are there.',
  ],
  [
    /^start\./,
    'Remove it, and `winnow resume --until start` makes the start point again; ticket and weights are kept if they fit it.',
  ],
  [
    /^ticket\./,
    'Remove it, and `winnow resume --until ticket` finds it again, from the start point.',
  ],
  [
    /^scores\./,
    'Remove it, and ticket.safetensors, which `winnow resume --until ticket` finds again with its scores.',
  ],
  [
    /^weights\./,
    'Remove it, and result.json if there is one, and `winnow resume` trains the ticket again.',
  ],
  [/^frozen\./, 'Remove it, and `winnow freeze` makes it again.'],
  [/^rounds\//, 'Remove it; reports do without this round then.'],
  [/^result\.json$/, 'Remove it, and `winnow resume` evaluates the weights again.'],
  [
    /^metrics\.jsonl$/,
    'Remove it; reports do without the steps that are done then, and nothing else is lost.',
  ],
  [/^environments\.json$/, 'Remove it; what made the numbers so far is not known then.'],
  [/^speed\.json$/, 'Remove it; how fast the network is, is not told then.'],
  [/^objectives\.json$/, 'Remove it, and `winnow compare` computes the values again.'],
  [/./, 'Remove it; what the phases that are done have cost is not known then.'],
];

/** A hint for whoever finds a file of a run damaged or foreign. */
export function whatIsLeft(name: string): string {
  return REMEDIES.find(([names]) => names.test(name))![1];
}
