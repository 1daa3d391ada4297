/**
 * A layer that lets a call fail if the database does not answer. IndexedDB may stay silent for ever, e.g. while an old tab blocks its
 * opening, and an upload must not wait for it. Laws: a layer is a store that wraps a store; nothing outlives its run.
 */
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

  const answer = async <T>(work: Promise<T>): Promise<T> => {
    const answered = new AbortController();
    const { signal } = answered;
    const tooLate = async () => {
      // Two sleeps: when a laptop wakes up one is over at once, and the database still has the other one to answer.
      await clock.sleep(patienceMs / 2, signal);
      await clock.sleep(patienceMs / 2, signal);
      stuck.add(work);
      const forget = () => void stuck.delete(work);
      work.then(forget, forget);
      throw silence();
    };
    try {
      return await Promise.race([work, tooLate()]);
    } finally {
      answered.abort();
    }
  };

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
