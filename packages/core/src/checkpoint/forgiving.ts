/**
 * A layer: a database that fails is not an error. What this page began goes on from memory, and `onLost` says once for each
 * upload that it would not survive the page. Laws 4 and 6.
 */
import type { CheckpointStore } from "./checkpoint-store.js";
import { memoryCheckpoints } from "./memory.js";

/** @param onLost called with the checkpoint id of the upload, if it was about one, and what the database said */
export function forgiving(
  durable: CheckpointStore,
  onLost: (id: string | undefined, cause: unknown) => void,
): CheckpointStore {
  // Mirrors what this page wrote, so that a pause after the database broke does not start over.
  const mirror = memoryCheckpoints();
  const lost = new Set<string>();

  const write = async (id: string, change: (store: CheckpointStore) => Promise<void>): Promise<void> => {
    await change(mirror);
    if (lost.has(id)) return;
    try {
      await change(durable);
    } catch (cause) {
      lost.add(id);
      onLost(id, cause);
    }
  };

  return {
    async load(id) {
      if (lost.has(id)) return await mirror.load(id);
      try {
        return await durable.load(id);
      } catch (cause) {
        lost.add(id);
        onLost(id, cause);
        return await mirror.load(id);
      }
    },
    begin: (id, head) => write(id, (store) => store.begin(id, head)),
    addPart: (id, partNumber, part) => write(id, (store) => store.addPart(id, partNumber, part)),
    updateHead: (id, head) => write(id, (store) => store.updateHead(id, head)),
    remove: (id) => write(id, (store) => store.remove(id)),
    async list() {
      try {
        return await durable.list();
      } catch (cause) {
        onLost(undefined, cause);
        return [];
      }
    },
  };
}
