/**
 * A layer that lets a call fail if the database does not answer. IndexedDB may stay silent for ever, e.g. while an old tab blocks its
 * opening, and an upload must not wait for it. Laws: a layer is a store that wraps a store; nothing outlives its run.
 */
import { orLate } from "../or-late.js";
import type { Clock } from "../platform/clock.js";
import type { CheckpointStore } from "./checkpoint-store.js";

/** Flushing to the disk of a slow phone takes seconds. A call that takes longer than this will probably never be answered. */
const patienceMs = 10_000;

/** After one call was not answered in time, later calls fail at once, until that call is answered after all. */
export function inTime(store: CheckpointStore, clock: Pick<Clock, "sleep">): CheckpointStore {
  const stuck = new Set<Promise<unknown>>();
  const silence = () => new DOMException(`no answer within ${patienceMs / 1000} seconds`, "TimeoutError");

  const within = async <T>(call: () => Promise<T>): Promise<T> => {
    if (stuck.size > 0) throw silence();
    return await answer(call());
  };

  const answer = <T>(work: Promise<T>) =>
    orLate(work, patienceMs, clock, () => {
      stuck.add(work);
      const forget = () => void stuck.delete(work);
      work.then(forget, forget);
      return silence();
    });

  return {
    load: (id) => within(() => store.load(id)),
    begin: (id, head) => within(() => store.begin(id, head)),
    addPart: (id, partNumber, part) => within(() => store.addPart(id, partNumber, part)),
    updateHead: (id, head) => within(() => store.updateHead(id, head)),
    list: () => within(() => store.list()),
    async remove(id) {
      // Sent even while the database is silent: otherwise a late write would leave a checkpoint to a later page.
      const work = store.remove(id);
      if (stuck.size === 0) return await answer(work);
      work.catch(() => undefined);
      throw silence();
    },
  };
}
