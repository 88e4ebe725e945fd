import type { Checkpoints, SavedState, ScopedCheckpoints } from '@winnow/plugin-api';

/** Names may hold slashes, as paths may not: escaped as in JSON pointers (RFC 6901). */
const escaped = (name: string) => name.replace(/~/g, '~0').replace(/\//g, '~1');
const unescaped = (name: string) => name.replace(/~1/g, '/').replace(/~0/g, '~');

type Entries<T> = Readonly<Record<string, T>>;

function under<T>(path: string, entries: Entries<T>): Entries<T> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [path + escaped(name), value]),
  );
}

/** What lies in a path, and not in one below it. */
function within<T>(path: string, entries: Entries<T>): Entries<T> {
  const own = Object.entries(entries).filter(
    ([name]) => name.startsWith(path) && !name.includes('/', path.length),
  );
  return Object.fromEntries(
    own.map(([name, value]) => [unescaped(name.slice(path.length)), value]),
  );
}

const isEmpty = ({ arrays, values }: SavedState) =>
  Object.keys(arrays).length + Object.keys(values).length === 0;

/** What an owner adds to everything that is saved in its scopes, as it is at that moment. */
export type Standing = () => SavedState;

class Scope implements ScopedCheckpoints {
  readonly #store: Checkpoints;
  readonly #path: string;
  readonly #parent: Scope | undefined;
  readonly #standing: Standing | undefined;
  /** What was saved or loaded last. */
  #own: SavedState | undefined;
  #known = false;

  constructor(store: Checkpoints, path: string, parent?: Scope, standing?: Standing) {
    this.#store = store;
    this.#path = path;
    this.#parent = parent;
    this.#standing = standing;
  }

  async load(): Promise<SavedState | undefined> {
    const saved = await this.#store.load();
    const own = saved && {
      arrays: within(this.#path, saved.arrays),
      values: within(this.#path, saved.values),
    };
    this.#own = own && !isEmpty(own) ? own : undefined;
    this.#known = true;
    return this.#own;
  }

  due(): boolean {
    return this.#store.due();
  }

  async save(state: SavedState): Promise<void> {
    // A copy, which its parts are saved with while the owner's arrays change.
    this.#own = structuredClone(state);
    this.#known = true;
    await this.#store.save(await this.#whole());
  }

  scope(name: string): Scope {
    return new Scope(this.#store, `${this.#path}${escaped(name)}/`, this);
  }

  /** Its own state with those of its owners. */
  async #whole(): Promise<SavedState> {
    if (!this.#known && !this.#standing) await this.load();
    const owners = this.#parent && (await this.#parent.#whole());
    const { arrays, values } = this.#standing?.() ?? this.#own ?? { arrays: {}, values: {} };
    return {
      arrays: { ...owners?.arrays, ...under(this.#path, arrays) },
      values: { ...owners?.values, ...under(this.#path, values) },
    };
  }
}

/**
 * Divides one place for checkpoints among the owners of parts of the work; `standing` is what the outermost adds to everything
 * that is saved.
 */
export function scopedCheckpoints(store: Checkpoints, standing?: Standing): ScopedCheckpoints {
  return new Scope(store, '', undefined, standing);
}
