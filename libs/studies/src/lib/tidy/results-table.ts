import type { ReportTable } from '@winnow/report';

export interface DataTable {
  readonly columns: readonly string[];
  /** Numbers, texts, lists; undefined where there is no value. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Results in two ways. */
export interface ResultsTable {
  /** For programs: every setting and value as it is. */
  readonly data: () => DataTable;
  /** For people: what tells the rows apart. */
  readonly shown: () => ReportTable;
}
