import tfjs from '@tensorflow/tfjs-core/package.json' with { type: 'json' };
import winnow from '@winnow/plugin-api/package.json' with { type: 'json' };
import { type ComponentNames, objectiveTest, pluginPackage } from '@winnow/scaffold';
import { strToU8, zipSync } from 'fflate';
import zod from 'zod/package.json' with { type: 'json' };

/** An objective as it was taken: its text, and what it is called. */
export interface WrittenObjective {
  readonly source: string;
  readonly name: string;
  readonly summary: string;
  /** What it is exported as. */
  readonly exported: string;
  /** Its value on logits [1, 0] where the dense network says [0, 2], where it has one. */
  readonly onLogits?: number;
}

/** Libraries of Winnow, besides the contracts, that a text imports. */
const librariesIn = (source: string) =>
  ['@winnow/tensor-backend'].filter((library) =>
    ["'", '"'].some((quote) => source.includes(`${quote}${library}${quote}`)),
  );

/**
 * The package that `winnow plugin init` would have made, with this objective in it and its number on this page as a test, in
 * a zip. Throws BAD_NAME.
 */
export function pluginZip({
  source,
  name,
  summary,
  exported,
  onLogits,
}: WrittenObjective): Uint8Array {
  const test = (names: ComponentNames) =>
    objectiveTest(
      names,
      onLogits === undefined
        ? undefined
        : {
            title: 'gives the number that it gave in the playground',
            found: `const value = valueOnLogits(${names.identifier}, { sparse: [[1, 0]], dense: [[0, 2]] });`,
            assertion: `assert.ok(Math.abs(value - ${onLogits}) <= 1e-5 * Math.max(1, Math.abs(value)));`,
          },
    );
  const about = `an objective: ${summary}`;
  const written = { about, exported, source, libraries: librariesIn(source), test };
  const versions = { winnow: winnow.version, tfjs: tfjs.version, zod: zod.version };
  const files = pluginPackage({ name, kind: 'objective', written, versions });
  return zipSync(
    Object.fromEntries([...files].map(([path, text]) => [`${name}/${path}`, strToU8(text)])),
  );
}
