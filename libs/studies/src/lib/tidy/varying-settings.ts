import { type Settings, columnsOf, headOf, valuesOf } from './run-settings.ts';

/** Options of one of these are none of another's. */
const OWNERS: readonly string[] = ['method', 'objective', 'model', 'dataset'];

const ofData = (column: string) => column === 'data' || headOf(column) === 'dataset';

/** What follows from other columns wherever nobody meddles, by the head of its own. */
const FOLLOWS: Readonly<Record<string, (column: string) => boolean>> = {
  dropEpochs: (column) => column === 'epochs',
  warmupEpochs: (column) => column === 'epochs',
  rewindEpochs: (column) => column === 'start',
  data: (column) => headOf(column) === 'dataset',
  input: ofData,
  classes: ofData,
  normalization: ofData,
};

const ways = (all: readonly Settings[], columns: readonly string[]) =>
  new Set(all.map((settings) => valuesOf(settings, columns))).size;

/** The runs that could have a column: of an option, those of which another with the same owner has it. */
function concerned(all: readonly Settings[], column: string): readonly Settings[] {
  const head = headOf(column);
  if (head === column || head === 'version') return all;
  const having = all.filter((settings) => settings.has(column));
  if (!OWNERS.includes(head)) return having;
  const owners = new Set(having.map((settings) => settings.get(head)));
  return all.filter((settings) => owners.has(settings.get(head)));
}

/** The columns in which these runs are not alike, without those that only follow from others. */
export function varyingSettings(all: readonly Settings[]): string[] {
  const columns = columnsOf(all);
  return columns.filter((column) => {
    if (ways(concerned(all, column), [column]) < 2) return false;
    const follows = FOLLOWS[headOf(column)];
    if (!follows) return true;
    const leaders = columns.filter(follows);
    return ways(all, leaders) < ways(all, [...leaders, column]);
  });
}
