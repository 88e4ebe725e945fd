import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import type { MarkdownPage } from './markdown-page.ts';
import { ROOT } from './project-files.ts';

/** Relative links of pages that lead nowhere: no file, or no such heading in it. */
export function linkProblems(pages: readonly MarkdownPage[]): string[] {
  const known = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ text, line }) => {
      if (/^[a-z]+:/.test(text)) return [];
      const [path = '', anchor] = text.split('#');
      const target = path ? normalize(join(dirname(page.path), path)) : page.path;
      const problem = !existsSync(join(ROOT, target))
        ? 'there is no such file'
        : anchor === undefined || known.get(target)?.anchors.has(anchor)
          ? undefined
          : 'there is no such heading';
      return problem ? [`${page.path}:${line}: ${text}: ${problem}`] : [];
    }),
  );
}

/** The pages that following links from one comes to, itself included; a link to a folder is one to its README. */
export function reachableFrom(start: string, pages: readonly MarkdownPage[]): Set<string> {
  const known = new Map(pages.map((page) => [page.path, page]));
  const seen = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const page = known.get(path);
    if (!page || seen.has(path)) continue;
    seen.add(path);
    for (const { text } of page.links) {
      const target = normalize(join(dirname(path), text.split('#')[0]!));
      const folder = existsSync(join(ROOT, target)) && statSync(join(ROOT, target)).isDirectory();
      waiting.push(folder ? join(target, 'README.md') : target);
    }
  }
  return seen;
}
