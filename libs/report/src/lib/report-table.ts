export interface ReportTable {
  readonly columns: readonly string[];
  /** Numbers are aligned and rounded to four digits after the point; write others, such as seeds, as text. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a report says without its pictures: lines, and tables between them. */
export type ReportText = readonly (string | ReportTable)[];
