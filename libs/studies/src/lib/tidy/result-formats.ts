import { visibleJson } from '@winnow/plugin-api/text';
import { csv, latexTable, markdownTable, plainTable } from '@winnow/report';
import type { DataTable, ResultsTable } from './results-table.ts';
import { settingText } from './run-settings.ts';

export type ResultsFormat = 'table' | 'csv' | 'json' | 'markdown' | 'latex';

const cell = (value: unknown) =>
  value === undefined || typeof value === 'number' ? value : settingText(value);

/** Every value, a text in quotes, a list as JSON. */
export const dataCsv = ({ columns, rows }: DataTable) =>
  csv(
    columns,
    rows.map((row) => row.map(cell)),
  );

/** A list of objects of the same fields; null where there is no value. */
function dataJson({ columns, rows }: DataTable): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])),
  );
  return `${visibleJson(objects)}\n`;
}

const FORMATS: Readonly<Record<ResultsFormat, (table: ResultsTable) => string>> = {
  table: (table) => plainTable(table.shown()),
  csv: (table) => dataCsv(table.data()),
  json: (table) => dataJson(table.data()),
  markdown: (table) => markdownTable(table.shown()),
  latex: (table) => latexTable(table.shown()),
};

export const RESULTS_FORMATS = Object.keys(FORMATS) as readonly ResultsFormat[];

/** Whether a format is for programs, with every setting, and not for people. */
export const isForPrograms = (format: ResultsFormat) => format === 'csv' || format === 'json';

/** The text of a table, its last newline included. */
export const formatResults = (table: ResultsTable, format: ResultsFormat): string =>
  FORMATS[format](table);
