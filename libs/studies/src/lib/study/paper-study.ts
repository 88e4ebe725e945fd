/** What of the paper a study is for. */
export const PAPER_PARTS = [
  'figure1',
  'figure2',
  'figure3',
  'figure4',
  'figure5',
  'tables',
  'controls',
  'imagenet',
] as const;
export type PaperPart = (typeof PAPER_PARTS)[number];

/** How long it may take: on the digits, on a part of CIFAR-10, or as in the paper. */
export const SCALES = ['minutes', 'hours', 'full'] as const;
export type Scale = (typeof SCALES)[number];

interface Shown {
  readonly title: string;
  readonly model: string;
  readonly start: 'init' | 'rewind';
  /** Values of the axis of methods. */
  readonly methods: readonly string[];
  /** What draws the figure of the runs. */
  readonly then: string;
}

const SCORED = ['snip', 'grasp', 'synflow'];
const cts = (objective: string) => `{ method: cts, objective: ${objective} }`;
const OBJECTIVES = 'kl loss delta-loss gradient-norm feature gradient-match'.split(' ');
const REPORT = 'winnow report RUNS --out report';
// Folders alone, as the study's page lies beside them.
const CHECK = 'winnow check RUNS/*/';

const SHOWN: Readonly<Record<PaperPart, Shown>> = {
  figure1: {
    title: 'Figure 1: objective values that methods reach',
    model: 'vgg16',
    start: 'init',
    methods: [cts('kl'), '{ method: saliency, objective: kl }', 'ltr', 'magnitude', 'random'],
    then: 'winnow compare RUNS/*/ --objectives kl',
  },
  figure2: {
    title: 'Figure 2: accuracy against density, by method',
    model: 'resnet20',
    start: 'rewind',
    methods: [cts('kl'), cts('loss'), 'ltr', ...SCORED],
    then: REPORT,
  },
  figure3: {
    title: 'Figure 3: accuracy against density, by objective',
    model: 'resnet20',
    start: 'rewind',
    methods: OBJECTIVES.map(cts),
    then: REPORT,
  },
  figure4: {
    title: 'Figure 4: sanity checks of tickets at the initialisation',
    model: 'resnet20',
    start: 'init',
    methods: [cts('loss')],
    then: CHECK,
  },
  figure5: {
    title: 'Figure 5: sanity checks of tickets at the rewind point',
    model: 'resnet20',
    start: 'rewind',
    methods: [cts('kl')],
    then: CHECK,
  },
  tables: {
    title: 'Tables: every method in numbers, the dense network among them',
    model: 'resnet20',
    start: 'rewind',
    methods: [cts('kl'), cts('loss'), 'ltr', ...SCORED, 'magnitude', 'random', 'dense'],
    then: 'winnow results RUNS --means --format latex',
  },
  controls: {
    title: 'Lagrange beside GradBalance, and long beside short searches',
    model: 'resnet20',
    start: 'rewind',
    methods: [
      '{ method: cts, sparsity-control: gradbalance }',
      '{ method: cts, sparsity-control: lagrange }',
      '{ method: cts, duration: long }',
    ],
    then: REPORT,
  },
  imagenet: {
    title: 'ResNet-50 on ImageNet',
    model: 'resnet50',
    start: 'rewind',
    methods: [cts('kl'), '{ method: ltr, rate: 0.46416 }'],
    then: REPORT,
  },
};

/** κ = rate^k, with digits enough that the rounds of one search of LTR keep as many weights. */
const densities = (rate: number, powers: readonly number[]) =>
  powers.map((k) => Number((rate ** k).toPrecision(12)));

const upTo = (last: number, step: number) =>
  Array.from({ length: last / step }, (_, i) => step * (i + 1));

/** Search epochs are left to the duration, where that is what is compared. */
function baseOf(figure: PaperPart, scale: Scale): Record<string, string | number> {
  const { model, start } = SHOWN[figure];
  const search = (epochs: number) => (figure === 'controls' ? {} : { 'search-epochs': epochs });
  if (scale === 'minutes')
    return {
      ...{ dataset: 'digits', model: 'resnet8', start, epochs: 8 },
      ...(start === 'rewind' && { 'rewind-epochs': 2 }),
      ...search(20),
    };
  if (figure === 'imagenet') {
    const base = { dataset: 'imagenet', 'data-dir': 'data', model, start };
    const part = { 'train-images': 20_000, epochs: 9, 'rewind-epochs': 2, ...search(2) };
    return scale === 'full' ? base : { ...base, ...part };
  }
  const base = { dataset: 'cifar10', 'data-dir': 'data', model, start };
  if (scale === 'full') return base;
  return {
    ...{ ...base, 'train-images': 4000, epochs: 12, 'batch-size': 64 },
    ...(start === 'rewind' && { 'rewind-epochs': 2 }),
    ...search(10),
  };
}

function densitiesOf(figure: PaperPart, scale: Scale): readonly number[] {
  if (figure === 'imagenet') return densities(0.46416, scale === 'full' ? upTo(6, 1) : [2, 4, 6]);
  if (scale === 'minutes') return densities(0.8, [6, 10, 14]);
  if (figure === 'tables') return densities(0.8, [14, 18, 22]);
  if (scale === 'hours') return densities(0.8, [6, 10, 14, 18, 22]);
  return densities(0.8, upTo(SHOWN[figure].model === 'vgg16' ? 42 : 32, 2));
}

/** The text of a study of the paper (arXiv 2512.07142), its data sets fetched to `data/`. */
export function paperStudy(figure: PaperPart, scale: Scale): string {
  const { title, methods, then } = SHOWN[figure];
  const base = Object.entries(baseOf(figure, scale));
  const hasLtr = methods.some((method) => method.includes('ltr'));
  return `# ${title} (arXiv 2512.07142), on a budget of ${scale === 'full' ? 'the paper' : scale}.
# Once its runs are done: ${then.replace('RUNS', 'runs')}
base:
${base.map(([name, value]) => `  ${name}: ${value}`).join('\n')}
axes:
  method:
${methods.map((method) => `    - ${method}`).join('\n')}
  density: [${densitiesOf(figure, scale).join(', ')}]${hasLtr ? ' # one search of ltr passes through all' : ''}
seeds: 3
`;
}
