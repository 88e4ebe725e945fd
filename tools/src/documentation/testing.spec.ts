import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkProblems, reachableFrom } from './link-problems.ts';
import { parsePage } from './markdown-page.ts';
import { commandProblems, promptedCommands } from './page-commands.ts';
import { runPage } from './run-page.ts';
import { type ScratchFolder, scratchFolder } from './scratch-folder.ts';
import { spokenCommands, winnowArguments } from './spoken-commands.ts';
import { syntaxProblems } from './syntax-problems.ts';
import { typeProblems } from './type-problems.ts';

jest.setTimeout(120_000);

const FENCE = '```';
const page = (...lines: string[]) =>
  parsePage('page.md', lines.join('\n').replaceAll('~~~', FENCE));

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder();
});
afterAll(() => scratch.remove());

const run =
  (...lines: string[]) =>
  () =>
    runPage(page(...lines), scratch);
const problems = (...lines: string[]) => commandProblems(page(...lines), scratch.path);

describe('a page', () => {
  it('is read into blocks, code in sentences, links and headings', () => {
    const read = page(
      '# A `b` c?',
      '[text](other.md#there) and `winnow list`',
      '',
      'Save this as `x.mjs`:',
      '',
      '~~~js long',
      'let x;',
      '~~~',
      '# A `b` c?',
    );
    expect(read.blocks).toEqual([
      { language: 'js', marks: ['long'], code: 'let x;\n', line: 7, file: 'x.mjs' },
    ]);
    expect(read.inlineCode).toContainEqual({ text: 'winnow list', line: 2 });
    expect(read.links).toEqual([{ text: 'other.md#there', line: 2 }]);
    expect([...read.anchors]).toEqual(['a-b-c', 'a-b-c-1']);
  });

  it('names the file of its data by the sentence before it', () => {
    expect(page('In `winnow.yaml`:', '', '~~~yaml', 'a: 1', '~~~').blocks[0]!.file).toBe(
      'winnow.yaml',
    );
    expect(page('In `winnow.yaml`:', '', '~~~sh', 'ls', '~~~').blocks[0]!.file).toBeUndefined();
  });
});

describe('blocks', () => {
  it('run in order, in the folder where the last one ended, with files saved and packages at hand', () => {
    run(
      '~~~sh',
      'mkdir inner && cd inner',
      '~~~',
      'Save this as `one.mjs`:',
      '',
      '~~~js',
      "throw new Error('only saved');",
      '~~~',
      '~~~ts',
      "import { existsSync, writeFileSync } from 'node:fs';",
      "import { sizeOf } from '@winnow/files';",
      "writeFileSync('told', String(existsSync('one.mjs')) + (sizeOf([2, 3]) as number));",
      '~~~',
      '~~~sh long',
      'exit 1',
      '~~~',
      '~~~sh',
      'npx winnow list objective > listed',
      '~~~',
    )();
    const read = (name: string) => readFileSync(join(scratch.path, 'inner', name), 'utf8');
    expect(read('told')).toBe('true6');
    expect(read('listed')).toContain('kl');
  });

  it('that fail are told with line, command and output', () => {
    expect(run('', '~~~sh', 'echo fine', 'echo said; false', '~~~')).toThrow(
      /^page\.md:4: false: ended with 1\.\nfine\nsaid$/,
    );
    expect(run('~~~sh', 'npx winnow list nonsense', '~~~')).toThrow(
      /^page\.md:2: npx winnow list nonsense: ended with 1\.\n.*nonsense/,
    );
    expect(run('~~~js', "throw new Error('this');", '~~~')).toThrow(
      /^page\.md:2: the js block: ended with 1\.[^]*this/,
    );
  });

  it('have a language and marks that are known', () => {
    expect(run('~~~', 'x', '~~~')).toThrow(/page\.md:2: ""/);
    expect(run('~~~ruby other', 'x', '~~~')).toThrow(/page\.md:2: "ruby"/);
    expect(run('~~~sh slow', 'ls', '~~~')).toThrow(/"slow" is none/);
  });

  it.each(['python', 'html'])('in %s say that they are not run', (language) => {
    expect(run(`~~~${language}`, '', '~~~')).toThrow(/page\.md:2: .* needs a mark/);
    expect(run(`~~~${language} other`, '', '~~~')).not.toThrow();
  });

  it('have types', () => {
    expect(typeProblems([page('', '~~~ts', '', "const x: number = 'a';", '~~~')])).toEqual([
      "page.md:4: Type 'string' is not assignable to type 'number'.",
    ]);
  });
});

describe('commands that are not run', () => {
  it('are what the shell makes of a script', () => {
    const script =
      'for d in 1 "2 3"; do npx winnow run --density "$d"; done\nexec winnow list > /dev/null';
    expect(winnowArguments(spokenCommands(script))).toEqual([
      ['run', '--density', '1'],
      ['run', '--density', '2 3'],
      ['list'],
    ]);
    const wrapped = "sbatch --wrap 'node_modules/.bin/winnow report runs'";
    expect(winnowArguments(spokenCommands(wrapped))).toEqual([['report', 'runs']]);
    expect(() => spokenCommands('for')).toThrow(/syntax error/);
    expect(promptedCommands('$ winnow run \\\n    --seed 1\nout')).toBe(
      'winnow run \\\n    --seed 1',
    );
  });

  it('must be what the program and the project know', () => {
    const wrong: [string, RegExp][] = [
      ['npm run nonsense', /nonsense/],
      ['npx nx test @winnow/nonsense', /nonsense/],
      ['npx nx g @winnow/tools:nonsense mine', /nonsense/],
      ['node tools/nonsense.mjs', /nonsense/],
      ['winnow run --dataset digits --density 0.1 --sead 1', /--sead/],
      ['winnow run --density 0.1', /--dataset/],
      ['winnow run --dataset digits --density much', /'much' is invalid/],
      ['winnow run --dataset digits --density 0.1 --start late', /'late' is invalid/],
      ['npx winnow resume', /'run'/],
      ['winnow ruin', /'ruin'/],
    ];
    const found = problems('~~~sh long', ...wrong.map(([command]) => command), '~~~');
    expect(found).toHaveLength(wrong.length);
    wrong.forEach(([, problem], i) => {
      expect(found[i]).toMatch(/^page\.md:2: /);
      expect(found[i]).toMatch(problem);
    });
  });

  it('are checked in transcripts and sentences too', () => {
    expect(problems('~~~text', '$ winnow list --jason', 'what it printed', '~~~')).toHaveLength(1);
    expect(problems('`winnow run --sead` and `winnow data feed`')).toHaveLength(2);
    expect(
      problems(
        '`winnow run --dataset`, `winnow COMMAND --help`, `winnow data fetch NAME`, `winnow`',
      ),
    ).toEqual([]);
  });

  it('pass where they are right', () => {
    const right = [
      'winnow run --dataset digits --density 0.1 --plugin not-there',
      'winnow run --dataset digits --density 0.1 --plugin .',
      'npx nx test @winnow/files',
      'npx nx build @winnow/cli',
      'npm test',
      'node tools/start.mjs',
      'other --flag',
    ];
    expect(problems('~~~sh long', ...right, '~~~')).toEqual([]);
  });
});

describe('configuration files', () => {
  it('have sections of commands, with options that these know and values that they take', () => {
    const wrong: [string[], RegExp][] = [
      [['rnu:', '  seed: 1'], /no command "rnu"/],
      [['run:', '  seed: 1', '  sead: 1'], /"run" has no option "sead"/],
      [['run: { density: much }'], /"density" cannot be "much"/],
      [['run: { dataset: digits }', 'compare: { sead: 1 }'], /"compare" has no option "sead"/],
      [['data:', '  feed: { data-dir: x }'], /no command "feed"/],
      [['data:', '  fetch: { date-dir: x }'], /"fetch" has no option "date-dir"/],
      [['run: { plugin: ./mine.mjs }'], /plugins belong to the file/],
      [['plugins: ./mine.mjs'], /"plugins" is no list/],
      [['run: {'], /not YAML/],
      [['- run'], /no map/],
    ];
    const found = problems(...wrong.flatMap(([lines]) => ['~~~yaml', ...lines, '~~~']));
    expect(found).toHaveLength(wrong.length);
    expect(found[0]).toMatch(/^page\.md:2: the configuration: /);
    wrong.forEach(([, problem], i) => expect(found[i]).toMatch(problem));
  });

  it('pass where they are right, whatever plugins they name', () => {
    expect(
      problems(
        '~~~yaml',
        'plugins: [./not-there.mjs, some-package]',
        'run: { objective: mine, density: 0.2 }',
        'compare: { density: [0.2, 0.05] }',
        'data: { fetch: { data-dir: x } }',
        '~~~',
      ),
    ).toEqual([]);
  });
});

describe('programs that are not run', () => {
  const syntax = (...lines: string[]) => syntaxProblems(page(...lines));

  it('are read where they are JavaScript, by itself or in a page of HTML', () => {
    expect(syntax('~~~js long', 'await 1;', 'let = ;', '~~~')).toContainEqual(
      expect.stringMatching(/^page\.md:3: the js block: /),
    );
    expect(syntax('Save this as `a.mjs`:', '', '~~~js', 'f(', '~~~')).not.toEqual([]);
    const html = ['~~~html other', '<script src="a.js"></script>', '<script type="module">'];
    expect(syntax(...html, '  await 1;', '  f(;', '</script>', '~~~')).toContainEqual(
      expect.stringMatching(/^page\.md:5: the html block: /),
    );
    expect(syntax(...html, '  f();', '~~~')).toEqual([
      'page.md:2: the html block: there is no script in it to read',
    ]);
    expect(syntax(...html, '  await f();', '</script>', '~~~')).toEqual([]);
    expect(syntax('~~~js long', "import 'a';", 'await 1;', '~~~')).toEqual([]);
  });

  const python = spawnSync('python3', ['-c', '']).status === 0;
  (python ? it : it.skip)('are read where they are Python, and there is one', () => {
    expect(syntax('~~~python other', 'import json', 'print(', '~~~')).toEqual([
      expect.stringMatching(/^page\.md:3: the python block: /),
    ]);
    expect(syntax('~~~python other', 'import nowhere', 'print("é")', '~~~')).toEqual([]);
  });
});

describe('links', () => {
  const one = parsePage(
    'docs/one.md',
    '# Here\n[a](two.md#there) [b](#here) [c](#not) [d](../LICENSE)',
  );
  const two = parsePage('docs/two.md', '# There\n[x](nowhere.md) [y](https://example.org/x)');

  it('that lead nowhere are told', () => {
    expect(
      linkProblems([parsePage('docs/data.md', '[x](#not) [y](no.md) [z](../LICENSE)')]),
    ).toEqual([
      'docs/data.md:1: #not: there is no such heading',
      'docs/data.md:1: no.md: there is no such file',
    ]);
  });

  it('are followed', () => {
    expect([...reachableFrom('docs/one.md', [one, two])]).toEqual(['docs/one.md', 'docs/two.md']);
    expect([...reachableFrom('docs/two.md', [one, two])]).toEqual(['docs/two.md']);
  });
});
