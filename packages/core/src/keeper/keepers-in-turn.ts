/** Several keepers as one: files are left with the first that is there, and asked of all, because the browser may have got, or lost, one of them meanwhile. */
import type { Keeper } from "./keeper.js";

export function keepersInTurn(keepers: readonly Keeper[]): Keeper {
  const first = () => keepers.find(({ isThere }) => isThere);
  return {
    get isThere() {
      return first() !== undefined;
    },
    look: async () => (await Promise.all(keepers.map((each) => each.look()))).includes(true),
    keep: (files) => first()?.keep(files),
    kept: async (ids) => {
      const answers = await Promise.all(keepers.map((each) => each.kept(ids)));
      return new Map(answers.flatMap((files) => [...files]));
    },
    queued: async () => (await Promise.all(keepers.map((each) => each.queued()))).flat(),
    release: async (ids) => {
      await Promise.all(keepers.map((each) => each.release(ids)));
    },
  };
}
