/**
 * A layer: a database that does not answer fails. IndexedDB may be silent for ever, e.g. while an old tab blocks its opening,
 * and an upload must not wait for it. Laws 6 and 7.
 */
import type { Clock } from "../platform/clock.js";
import type { CheckpointStore } from "./checkpoint-store.js";

/** Flushing to a slow phone's disk takes seconds; whatever takes longer is not going to happen. */
const patienceMs = 10_000;

/** Once one call went unanswered the next fail at once, until it is answered after all. */
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
      // In two steps: a laptop that slept finds one of them over at once, before the database has had its turn.
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
      // Asked for all the same: what was written late would otherwise be offered to a later page.
      const work = store.remove(id);
      if (stuck.size === 0) return await answer(work);
      work.catch(() => undefined);
      throw silence();
    },
  };
}
