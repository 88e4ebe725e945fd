import type { RunLock } from './run-lock.ts';
import type { RunStore } from './run-store.ts';

/** A store that changes only while a lock is held: who was silent for so long that another took over writes nothing more. */
export function heldStore(store: RunStore, lock: RunLock): RunStore {
  return {
    ...store,
    async write(name, data) {
      await lock.assertHeld();
      await store.write(name, data);
    },
    async link(name, from) {
      await lock.assertHeld();
      await store.link(name, from);
    },
    async append(name, text) {
      await lock.assertHeld();
      await store.append(name, text);
    },
    async remove(name) {
      await lock.assertHeld();
      await store.remove(name);
    },
  };
}
