import { WinnowError, suggestName } from '@winnow/plugin-api';
import { WEBGPU_PACKAGES } from '../backends/webgpu/webgpu-packages.ts';

/** What a backend is made of that `winnow backend install` can make. */
export interface Recipe {
  readonly name: string;
  /** npm's, exactly. */
  readonly packages: Readonly<Record<string, string>>;
  /** What the packages are given in place of another. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** The platforms that its parts are published for, as `process.platform`-`process.arch`. */
  readonly platforms: readonly string[];
  /** Bytes that lie on the disk at once while it is made, at most. */
  readonly roomBytes: number;
  /** TensorFlow of Python's packages, whose library the packages are compiled against. */
  readonly library?: TensorflowLibrary;
}

export interface TensorflowLibrary {
  readonly wheel: string;
  /** Whether its CUDA comes along. */
  readonly cuda: boolean;
  /** npm's package with the binding. */
  readonly binding: string;
}

/** The TensorFlow that is fetched. */
export const TENSORFLOW_VERSION = '2.20.0';
/** Those that TensorFlow.js's binding was compiled against and tried with. Older ones have no libtensorflow_cc. */
export const TENSORFLOW_RANGE = { from: '2.12', to: '2.21' };
/** Of the wheels that are fetched, whichever Python runs pip: what is taken from them is the same in all. */
export const WHEEL_PYTHON = '3.12';

/** Where npm's packages of TensorFlow have their binding, whoever makes it. */
export const BINDING = 'lib/napi-v8/tfjs_binding.node';

const TFJS = '4.22.0';
const { dawn } = WEBGPU_PACKAGES;
const GB = 1e9;

function tensorflow(library: TensorflowLibrary, rest: Pick<Recipe, 'platforms' | 'roomBytes'>) {
  return {
    ...rest,
    library,
    packages: { [library.binding]: TFJS, 'node-api-headers': '1.9.0' },
    // All that the binding asks of the whole of TensorFlow.js; the rest are its other backends.
    overrides: { '@tensorflow/tfjs': `npm:@tensorflow/tfjs-core@${TFJS}` },
  };
}

const RECIPES: readonly Recipe[] = [
  {
    name: 'tensorflow',
    ...tensorflow(
      { wheel: 'tensorflow-cpu', cuda: false, binding: '@tensorflow/tfjs-node' },
      { platforms: ['linux-x64', 'linux-arm64'], roomBytes: 2.5 * GB },
    ),
  },
  {
    name: 'tensorflow-gpu',
    ...tensorflow(
      { wheel: 'tensorflow', cuda: true, binding: '@tensorflow/tfjs-node-gpu' },
      { platforms: ['linux-x64'], roomBytes: 12 * GB },
    ),
  },
  {
    name: 'webgpu',
    packages: {
      [dawn.name]: dawn.version,
      [WEBGPU_PACKAGES.tensorflow.name]: WEBGPU_PACKAGES.tensorflow.version,
      '@tensorflow/tfjs-core': TFJS,
    },
    platforms: ['linux', 'darwin', 'win32'].flatMap((it) => [`${it}-x64`, `${it}-arm64`]),
    roomBytes: 0.5 * GB,
  },
];

export const INSTALLABLE: readonly string[] = RECIPES.map(({ name }) => name);

/** Throws NOT_INSTALLABLE. */
export function recipeOf(name: string): Recipe {
  const recipe = RECIPES.find((it) => it.name === name);
  if (recipe) return recipe;
  throw new WinnowError('NOT_INSTALLABLE', `There is no backend "${name}" to install.`, {
    hint: `${suggestName(name, INSTALLABLE)} The others come with Winnow or with a plugin.`,
  });
}
