import { dirname } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { documentedCodes, obsoleteCodes, thrownCodes } from './error-codes.ts';
import { linkProblems, reachableFrom } from './link-problems.ts';
import { commandProblems, helpProblems } from './page-commands.ts';
import { isGuide, projectPages } from './project-files.ts';
import { runPage } from './run-page.ts';
import { scratchFolder } from './scratch-folder.ts';
import { syntaxProblems } from './syntax-problems.ts';
import { typeProblems } from './type-problems.ts';

jest.setTimeout(600_000);

const pages = projectPages();
const guides = pages.filter(isGuide);
/** The blocks of each take 4 seconds to a minute: `npm run test:full` runs them, and says so by WINNOW_PAGES=long. */
const LONG = [
  'apps/cli/README.md',
  'docs/command-line.md',
  'docs/exports.md',
  'docs/figures.md',
  'docs/methods.md',
  'docs/objectives.md',
  'docs/observers.md',
  'docs/plugins.md',
  'docs/pytorch.md',
  'docs/reproduce.md',
  'docs/results.md',
  'docs/reuse.md',
  'docs/start.md',
  'docs/studies.md',
  'examples/layers-model/README.md',
  'examples/own-model/README.md',
  'examples/plugin-kit/README.md',
  'libs/experiments/README.md',
  'libs/studies/README.md',
];
const isAsked = ({ path }: { path: string }) =>
  LONG.includes(path) === (process.env['WINNOW_PAGES'] === 'long');

describe('the blocks of', () => {
  it.each(guides.filter(isAsked).map((page) => [page.path, page] as const))(
    '%s run as written',
    (_, page) => {
      const scratch = scratchFolder(
        page.path.startsWith('examples/') ? dirname(page.path) : undefined,
      );
      try {
        runPage(page, scratch);
        expect([...commandProblems(page, scratch.path), ...syntaxProblems(page)]).toEqual([]);
      } finally {
        scratch.remove();
      }
    },
  );

  it('all guides have the types that they say', () => {
    expect(typeProblems(guides)).toEqual([]);
  });
});

describe('the help', () => {
  it('of every command shows examples that the command takes', () => {
    expect(helpProblems()).toEqual([]);
  });
});

describe('the pages', () => {
  it('link to what is there', () => {
    expect(linkProblems(pages)).toEqual([]);
  });

  it('of docs/ are all reached from its index', () => {
    const reached = reachableFrom('docs/README.md', pages);
    const docs = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    expect(docs.filter((path) => !reached.has(path))).toEqual([]);
    expect(reached).toContain('README.md');
  });

  it('tell every error code, and no other', () => {
    const documented = documentedCodes();
    expect([...thrownCodes()].filter((code) => !documented.has(code))).toEqual([]);
    expect(obsoleteCodes()).toEqual([]);
    expect(thrownCodes()).toContain('BAD_DENSITY');
  });
});
