import type { Look } from '../look.ts';

/** A place that a page leads to. */
export interface PageLink {
  readonly text: string;
  /** Relative to the page, with each part encoded. */
  readonly href: string;
}

/** Numbers as in a `ReportTable`; a text, or one that leads somewhere. */
export type PageCell = string | number | PageLink;

export interface PageTable {
  readonly kind: 'table';
  /** What the table has, in a few words. */
  readonly caption: string;
  /** The first one names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PageCell[])[];
  /** Whether it is shown once it is asked for. */
  readonly folded?: boolean;
}

export interface PageChart {
  readonly kind: 'chart';
  /** What there is to see, as a sentence for those who do not. */
  readonly label: string;
  /** A picture of this library in a look; drawn once for each width. */
  readonly draw: (look: Look) => Promise<string>;
}

/** What is to be typed, with a button that copies it. */
export interface PageCommand {
  readonly kind: 'command';
  readonly command: string;
}

/** Lines that a program wrote. */
export interface PageLog {
  readonly kind: 'log';
  readonly label: string;
  readonly lines: readonly string[];
}

export interface PageList {
  readonly kind: 'list';
  readonly items: readonly (string | PageLink)[];
}

/** A number in large letters with what it is of. */
export interface PageFact {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
}

export interface PageFacts {
  readonly kind: 'facts';
  readonly facts: readonly PageFact[];
}

/** A text is a paragraph; blank lines in it part several. */
export type PageBlock =
  | string
  | PageTable
  | PageChart
  | PageCommand
  | PageLog
  | PageList
  | PageFacts;

export interface PageSection {
  readonly heading: string;
  readonly blocks: readonly PageBlock[];
  /** Within this one, a heading lower. */
  readonly sections?: readonly PageSection[];
}

/** What a page says, before it is markup. */
export interface Page {
  readonly title: string;
  /** In a sentence or two, what it comes to. */
  readonly summary: string;
  /** Pages around it. */
  readonly links?: readonly PageLink[];
  /** Above the first section. */
  readonly blocks?: readonly PageBlock[];
  readonly sections: readonly PageSection[];
}
