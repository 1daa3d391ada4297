/** A keeper whose code is loaded when something may be kept, not before. It keeps nothing where that code cannot be loaded. */
import type { Keeper } from "./keeper.js";

/**
 * @param isPossible whether the browser has anything that could keep files for this page
 * @param load       makes the keeper. May reject: the next call tries again
 */
export function lateKeeper(isPossible: () => Promise<boolean>, load: () => Promise<Keeper>): Keeper {
  let made: Keeper | undefined;
  const ready = async () => {
    if (made !== undefined || !(await isPossible())) return made;
    const loaded = await load().catch(() => undefined);
    made ??= loaded;
    return made;
  };
  return {
    get isThere() {
      return made?.isThere === true;
    },
    look: async () => (await (await ready())?.look()) ?? false,
    keep: (files) => made?.keep(files),
    kept: async (ids) => (await (await ready())?.kept(ids)) ?? new Map(),
    queued: async () => (await (await ready())?.queued()) ?? [],
    release: async (ids) => {
      await (await ready())?.release(ids);
    },
  };
}
