import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(60_000);

const ENTRY = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));

const dataUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const HOOK = dataUrl(`
  import { writeSync } from 'node:fs';
  export function load(url, context, next) {
    writeSync(2, url + '\\n');
    return next(url, context);
  }`);
const TRACE = dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(HOOK)});`);

/** The modules that Node.js loads. */
async function traced(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', TRACE, ...args]);
  return stderr.trim().split('\n');
}

/** The modules that a command loads. */
const loadedBy = (...args: string[]) => traced(ENTRY, ...args);

const commandsAmong = (urls: string[]) =>
  urls.flatMap(
    (url) =>
      /cli\/dist\/commands\/(?!commands|program|add-commands|command-context)([\w-]+)\.js$/.exec(
        url,
      )?.[1] ?? [],
  );

describe('cold start', () => {
  it('needs nothing but the parser for help', async () => {
    const urls = await loadedBy('--help');
    expect(urls).toContainEqual(expect.stringMatching(/\/commander\//));
    const loaded = urls.filter((url) => /\/zod\/|\/libs\/|\/yaml\/|@tensorflow/.test(url));
    // What every line that is written goes through; it imports nothing.
    expect(loaded.map((url) => url.replace(/^.*\/libs\//, ''))).toEqual([
      'plugin-api/dist/text.js',
      'plugin-api/dist/lib/visible.js',
    ]);
    expect(commandsAmong(urls)).toEqual([]);
  });

  it('loads no backend, no container and no other command for a list', async () => {
    const urls = await loadedBy('list');
    expect(urls).toContainEqual(expect.stringMatching(/\/@tensorflow\/tfjs-core\//));
    const heavy =
      /tfjs-(backend|node)|native-backend|\/kernels\/add|\/yaml\/|inversify|import-checked/;
    expect(urls.filter((url) => heavy.test(url))).toEqual([]);
    expect(commandsAmong(urls)).toEqual(['list']);
  });

  it('loads nothing that draws or serves with any command before it is carried out', async () => {
    const folder = new URL('../../dist/commands/', import.meta.url);
    const imports = readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => `import ${JSON.stringify(new URL(name, folder))};`);
    const urls = await traced('--input-type=module', '--eval', imports.join(''));
    for (const library of ['experiments', 'report', 'studies'])
      expect(urls).toContainEqual(expect.stringMatching(`/libs/${library}/dist/index.js$`));
    const heavy = /node_modules\/(@observablehq|d3|linkedom|@resvg|pdfkit|fontkit|@?hono)\b/;
    expect(urls.filter((url) => heavy.test(url))).toEqual([]);
  });

  it('loads one of the commands within a command', async () => {
    expect(commandsAmong(await loadedBy('data', 'fetch', '--help'))).toEqual([
      'data',
      'data-fetch',
    ]);
  });

  it.each(['help run', 'run --help'])('knows every option after %s', async (words) => {
    const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, ...words.split(' ')]);
    expect(stdout).toMatch(/^Usage: winnow run \[options\]\n\nfind a ticket/);
    expect(stdout).toMatch(/--search-epochs/);
  });

  it('guesses the command that was meant', async () => {
    await expect(promisify(execFile)(process.execPath, [ENTRY, 'lsit'])).rejects.toMatchObject({
      code: 1,
      stderr: "error: unknown command 'lsit' (Did you mean list?)\n",
    });
  });
});
