import {
  type CompletionContext,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { forceLinting, lintGutter, lintKeymap, linter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, drawSelection, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { type Remote, wrap } from 'comlink';
import type { CheckerApi, Compiled, Problem } from './checker-api.ts';

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--series-7)' },
  { tag: [tags.string, tags.number, tags.bool], color: 'var(--series-3)' },
  { tag: tags.comment, color: 'var(--quiet)' },
  { tag: [tags.function(tags.variableName), tags.propertyName], color: 'var(--link)' },
]);

const LOOK = EditorView.theme({
  '&': { fontSize: '14px', color: 'var(--ink)', backgroundColor: 'var(--card)' },
  '&.cm-focused': { outline: '2px solid var(--link)', outlineOffset: '2px' },
  '.cm-content': { fontFamily: 'ui-monospace, monospace', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--card)', border: 'none' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--link) 25%, var(--card))' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--series-3) 25%, var(--card))',
  },
  '.cm-tooltip': {
    maxWidth: 'min(600px, 90vw)',
    color: 'var(--ink)',
    backgroundColor: 'var(--card)',
    border: '1px solid var(--rule)',
    borderRadius: '6px',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--card)',
    backgroundColor: 'var(--link)',
  },
  '.about': { margin: '0', padding: '8px 10px', border: 'none', fontSize: '13px' },
});

const shownProblem = ({ from, to, severity, message }: Problem) => ({
  from,
  to: Math.max(from, to),
  severity,
  message,
});

/** An editor of one objective, with TypeScript in a worker of its own. */
export class ObjectiveEditor {
  readonly #checker: Remote<CheckerApi>;
  readonly #view: EditorView;

  constructor(parent: HTMLElement, text: string, onChange: () => void) {
    const worker = new Worker(new URL('./checker.worker.ts', import.meta.url), { type: 'module' });
    const checker = wrap<CheckerApi>(worker);
    this.#checker = checker;
    const complete = async (context: CompletionContext) => {
      const word = context.matchBefore(/[\w$]*/)!;
      const afterDot = context.state.sliceDoc(word.from - 1, word.from) === '.';
      if (word.from === word.to && !afterDot && !context.explicit) return null;
      const found = await checker.proposals(context.state.doc.toString(), context.pos);
      const options = found.map(({ name, kind }) => ({ label: name, type: kind }));
      return { from: word.from, options, validFor: /^[\w$]*$/ };
    };
    const hover = hoverTooltip(async (view, position) => {
      const about = await checker.about(view.state.doc.toString(), position);
      if (!about) return null;
      const create = () => {
        const dom = Object.assign(document.createElement('pre'), { className: 'about' });
        dom.textContent = about;
        return { dom };
      };
      return { pos: position, create };
    });
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          [lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching()],
          [closeBrackets(), javascript({ typescript: true }), syntaxHighlighting(COLOURS), LOOK],
          [autocompletion({ override: [complete] }), hover, lintGutter()],
          linter(async (view) =>
            (await checker.problems(view.state.doc.toString())).map(shownProblem),
          ),
          EditorView.lineWrapping,
          // Tab leaves the field, as it does any other.
          keymap.of([
            ...[...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap],
            ...[...completionKeymap, ...lintKeymap],
          ]),
          EditorView.contentAttributes.of({ 'aria-label': 'The objective, in TypeScript' }),
          EditorView.updateListener.of(({ docChanged }) => docChanged && onChange()),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** What TypeScript finds wrong; the editor shows it at its lines. */
  async problems(): Promise<Problem[]> {
    forceLinting(this.#view);
    const found = await this.#checker.problems(this.text);
    return found.filter(({ severity }) => severity === 'error');
  }

  async compile(): Promise<Compiled> {
    return this.#checker.compile(this.text);
  }

  /** The line of the text that a line of what was compiled from it came from, from 1. */
  lineOf({ sourceMap }: Compiled, line: number, column: number): number | undefined {
    return originalPositionFor(new TraceMap(sourceMap), { line, column }).line ?? undefined;
  }

  /** Shows a message at a line, or at the first where none is known. */
  show(message: string, line = 1): void {
    const { doc } = this.#view.state;
    const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
    const told = [{ from, to, severity: 'error' as const, message }];
    this.#view.dispatch(setDiagnostics(this.#view.state, told));
  }
}
