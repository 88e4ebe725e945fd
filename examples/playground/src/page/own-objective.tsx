import { useEffect, useRef, useState } from 'preact/hooks';
import type { ObjectiveEditor } from '../editor/objective-editor.ts';
import first from '../editor/my-kl.ts?raw';
import { inTime, search } from '../playground.ts';
import { method, objective, opened, ownObjective, standing } from '../state.ts';
import type { TakenObjective } from '../worker/search-api.ts';
import { download } from './download.ts';

/** What is told below the editor: that the objective was taken, or what is wrong with it. */
interface Verdict {
  readonly words: string;
  readonly isBad: boolean;
}

const CHECKED: Verdict = { words: 'Checking …', isBad: false };

/** Checks the text, compiles it, and differentiates it in the worker of the search; undefined where something is wrong. */
async function taken(
  editor: ObjectiveEditor,
  tell: (verdict: Verdict) => void,
): Promise<TakenObjective | undefined> {
  tell(CHECKED);
  const [problem] = await editor.problems();
  if (problem) {
    tell({ words: `Line ${problem.line}: ${problem.message}`, isBad: true });
    return undefined;
  }
  const compiled = await editor.compile();
  const found = await inTime(Promise.resolve(search.takeObjective(compiled.javascript)));
  if (!found) {
    tell({ words: 'It does not come to an end.', isBad: true });
    return undefined;
  }
  if (!('trouble' in found)) return found;
  const { sentence, hint, at } = found.trouble;
  const line = at && editor.lineOf(compiled, at.line, at.column);
  const words = `${sentence} ${hint}`.trim();
  editor.show(words, line);
  tell({ words: line === undefined ? words : `Line ${line}: ${words}`, isBad: true });
  return undefined;
}

function Editor() {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<ObjectiveEditor | undefined>(undefined);
  const [isThere, setThere] = useState(false);
  const [verdict, setVerdict] = useState<Verdict | undefined>(undefined);
  useEffect(() => {
    void import('../editor/objective-editor.ts').then(({ ObjectiveEditor }) => {
      editor.current ??= new ObjectiveEditor(place.current!, first, () => setVerdict(undefined));
      setThere(true);
    });
  }, []);
  const use = async () => {
    const found = await taken(editor.current!, setVerdict);
    if (!found) return undefined;
    ownObjective.value = found.name;
    objective.value = found.name;
    method.value = 'cts';
    setVerdict({
      words: `${found.name} can be differentiated, and is what the next search looks for.`,
      isBad: false,
    });
    return found;
  };
  const takeAway = async () => {
    const source = editor.current!.text;
    const found = await use();
    if (!found) return;
    const { pluginZip } = await import('../editor/plugin-zip.ts');
    try {
      download(pluginZip({ ...found, source }), `${found.name}.zip`);
    } catch (error) {
      setVerdict({ words: (error as Error).message, isBad: true });
    }
  };
  const isBusy = !opened.value || !['ready', 'stopped', 'done'].includes(standing.value);
  return (
    <>
      <div class="editor card" ref={place}>
        {!isThere && <p>Loading the editor and its types …</p>}
      </div>
      <div class="buttons">
        <button type="button" disabled={!isThere || isBusy} onClick={() => void use()}>
          Check it and use it
        </button>
        <button type="button" disabled={!isThere || isBusy} onClick={() => void takeAway()}>
          Take it with you, as a package
        </button>
      </div>
      <p class={verdict?.isBad ? 'trouble' : 'standing'} aria-live="polite">
        {verdict?.words ?? ''}
      </p>
    </>
  );
}

/** The visitor's own objective: an editor that is loaded when it is opened. */
export function OwnObjective() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <p>
        What the small network should be good at is a dozen lines of TypeScript. The one below is
        the built-in <code>kl</code>; change it, and search by it. It is checked, and differentiated
        on a few images, before it runs.
      </p>
      {isOpen ? (
        <Editor />
      ) : (
        <button type="button" onClick={() => setOpen(true)}>
          Open the editor (another 1.5 MB from this page’s server)
        </button>
      )}
    </>
  );
}
