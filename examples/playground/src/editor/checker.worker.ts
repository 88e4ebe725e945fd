import { createSystem, createVirtualTypeScriptEnvironment } from '@typescript/vfs';
import { expose } from 'comlink';
import ts from 'typescript';
import { COMPILER_OPTIONS } from '../../build/compiler-options.ts';
import type { CheckerApi } from './checker-api.ts';
import types from './objective-types.ts';

const FILE = '/objective.ts';
/** TypeScript's order of proposals: after this come names that would have to be imported first. */
const LAST_SORT = '15';

const system = createSystem(new Map([...Object.entries(types), [FILE, ' ']]));
const environment = createVirtualTypeScriptEnvironment(system, [FILE], ts, COMPILER_OPTIONS);

const text = (parts: ts.SymbolDisplayPart[] | undefined) =>
  ts.displayPartsToString(parts).split('\n').slice(0, 8).join('\n');

/** The language service once it has read the text. */
function service(source: string): ts.LanguageService {
  // An empty file would be none.
  environment.updateFile(FILE, source || ' ');
  return environment.languageService;
}

const checker: CheckerApi = {
  problems(source) {
    const known = service(source);
    const found = [...known.getSyntacticDiagnostics(FILE), ...known.getSemanticDiagnostics(FILE)];
    return found.map(({ start = 0, length = 0, messageText, category }) => ({
      from: start,
      to: Math.min(source.length, start + length),
      line: source.slice(0, start).split('\n').length,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      severity: category === ts.DiagnosticCategory.Error ? 'error' : 'warning',
    }));
  },
  proposals(source, position) {
    const found = service(source).getCompletionsAtPosition(FILE, position, {});
    return (found?.entries ?? [])
      .filter(({ sortText }) => sortText <= LAST_SORT)
      .map(({ name, kind }) => ({ name, kind }));
  },
  about(source, position) {
    const found = service(source).getQuickInfoAtPosition(FILE, position);
    return (
      found && [text(found.displayParts), text(found.documentation)].filter(Boolean).join('\n\n')
    );
  },
  compile(source) {
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: 'objective.ts',
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        sourceMap: true,
      },
    });
    return { javascript: outputText, sourceMap: sourceMapText! };
  },
};

expose(checker);
