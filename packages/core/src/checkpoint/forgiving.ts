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
  // Mirrors what this page wrote, so that a pause after the database broke does not start over. Parts with their numbers.
  const mirror = memoryCheckpoints();
  const lost = new Set<string>();

  const lose = (id: string, cause: unknown): void => {
    if (lost.has(id)) return;
    lost.add(id);
    onLost(id, cause);
  };

  const write = async (id: string, change: (store: CheckpointStore) => Promise<void>): Promise<void> => {
    if (lost.has(id)) return;
    try {
      await change(durable);
    } catch (cause) {
      lose(id, cause);
    }
  };
  const writeBoth = async (id: string, change: (store: CheckpointStore) => Promise<void>): Promise<void> => {
    await change(mirror);
    await write(id, change);
  };

  const loadDurable = async (id: string) => {
    try {
      return lost.has(id) ? undefined : await durable.load(id);
    } catch (cause) {
      lose(id, cause);
      return undefined;
    }
  };
  /** Storage was cleared, or another tab removed it: should that one have finished, the store will say so. */
  const loadMirror = async (id: string) => {
    const saved = await mirror.load(id);
    if (saved === undefined) return undefined;
    const { head } = saved;
    const parts = saved.parts as readonly (readonly [number: number, part: unknown])[];
    await write(id, async (store) => {
      await store.begin(id, head);
      for (const [number, part] of parts) await store.addPart(id, number, part);
    });
    return { head, parts: parts.map(([, part]) => part) };
  };

  return {
    load: async (id) => (await loadDurable(id)) ?? (await loadMirror(id)),
    begin: (id, head) => writeBoth(id, (store) => store.begin(id, head)),
    async addPart(id, partNumber, part) {
      await mirror.addPart(id, partNumber, [partNumber, part]);
      await write(id, (store) => store.addPart(id, partNumber, part));
    },
    updateHead: (id, head) => writeBoth(id, (store) => store.updateHead(id, head)),
    async remove(id) {
      await mirror.remove(id);
      try {
        // Also of one that was lost: what was kept of it before shall not be offered to a later page.
        await durable.remove(id);
      } catch (cause) {
        lose(id, cause);
      }
    },
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
