import GithubSlugger from 'github-slugger';
import MarkdownIt, { type Token } from 'markdown-it';

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string;
  /** What follows the language on the fence, such as `long`. */
  readonly marks: readonly string[];
  readonly code: string;
  /** Of the first line of the code, from 1. */
  readonly line: number;
  /** The name that the text before the block says to save it under. */
  readonly file: string | undefined;
}

export interface Located {
  readonly text: string;
  readonly line: number;
}

export interface MarkdownPage {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** Code within sentences and tables. */
  readonly inlineCode: readonly Located[];
  /** Targets of links and pictures, as written. */
  readonly links: readonly Located[];
  /** What `#…` can name, as GitHub makes it of headings. */
  readonly anchors: ReadonlySet<string>;
}

/** The file that a sentence before a block of this language names. */
function fileNamed(sentence: string, language: string): string | undefined {
  const saved = /\bsave (?:this|it|that) as `([^`]+)`/i.exec(sentence)?.[1];
  if (saved || language !== 'yaml') return saved;
  return [...sentence.matchAll(/`([\w.-]+\.ya?ml)`/g)].at(-1)?.[1];
}

/** Reads a page of Markdown as GitHub does. */
export function parsePage(path: string, source: string): MarkdownPage {
  const slugger = new GithubSlugger();
  const blocks: CodeBlock[] = [];
  const inlineCode: Located[] = [];
  const links: Located[] = [];
  const anchors = new Set<string>();
  const tokens = new MarkdownIt('default').parse(source, {});
  let before = '';
  let line = 1;
  let heading = false;
  for (const token of tokens) {
    if (token.map) line = token.map[0] + 1;
    if (token.type === 'heading_open') heading = true;
    if (token.type === 'fence') {
      const [language = '', ...marks] = token.info.trim().split(/\s+/);
      const file = fileNamed(before, language);
      blocks.push({ language, marks, code: token.content, line: line + 1, file });
      before = '';
    }
    if (token.type !== 'inline') continue;
    before = token.content;
    if (heading) anchors.add(slugger.slug(textOf(token)));
    heading = false;
    for (const child of token.children ?? []) {
      if (child.type === 'code_inline') inlineCode.push({ text: child.content, line });
      const target = child.attrGet('href') ?? child.attrGet('src');
      if (target) links.push({ text: decodeURI(target), line });
    }
  }
  return { path, blocks, inlineCode, links, anchors };
}

function textOf({ children }: Token): string {
  return (children ?? []).map((child) => child.content).join('');
}
