import type { PageSection, PageTable } from '@winnow/report';

/** Beyond so many rows a table is shown once it is asked for. */
export const MOST_ROWS = 60;

/** A section of one table; none where it has no rows. */
export function tableSection(
  heading: string,
  table: Pick<PageTable, 'caption' | 'columns' | 'rows'>,
): PageSection[] {
  if (table.rows.length === 0) return [];
  const folded = table.rows.length > MOST_ROWS;
  return [{ heading, blocks: [{ kind: 'table', ...table, folded }] }];
}
