/**
 * A layer over a database that may fail: uploads then go on from a copy in memory, and `onLost` tells once for each upload that it would
 * not survive the page. If the database was emptied the copy is written to it again. Laws: the checkpoint outlives what it points at; a
 * layer is a store that wraps a store.
 */
import { type CheckpointStore, isNoHead, noHead } from "./checkpoint-store.js";
import { memoryCheckpoints } from "./memory.js";
import { partNumberOf } from "./records.js";

type Saved = Awaited<ReturnType<CheckpointStore["load"]>>;
type NumberedPart = readonly [number: number, part: unknown];

/** @param onLost called with the checkpoint id, or undefined if listing failed, and the error of the database */
export function forgiving(
  durable: CheckpointStore,
  onLost: (id: string | undefined, cause: unknown) => void,
): CheckpointStore {
  // Mirrors the uploads of this page, so that a pause after the database broke does not start over. Parts with their numbers.
  const mirror = memoryCheckpoints();
  const lost = new Set<string>();
  const filling = new Map<string, Promise<void>>();

  const lose = (id: string, cause: unknown): void => {
    if (lost.has(id)) return;
    lost.add(id);
    onLost(id, cause);
  };

  const write = async (id: string, change: (store: CheckpointStore) => Promise<void>): Promise<void> => {
    if (lost.has(id)) return;
    try {
      await change(durable).catch(async (cause: unknown) => {
        if (!isNoHead(cause)) throw cause;
        await refill(id);
        await change(durable);
      });
    } catch (cause) {
      lose(id, cause);
    }
  };

  /** Storage was cleared: what this page knows is written again, once for all lanes that find out. */
  const refill = (id: string): Promise<void> => {
    const begun = filling.get(id) ?? fill(id).finally(() => filling.delete(id));
    filling.set(id, begun);
    return begun;
  };
  const fill = async (id: string): Promise<void> => {
    await durable.begin(id, (await mirror.load(id))?.head);
    // Looked at after the head is there: a part that came earlier is in the mirror, one that comes later finds the head.
    const parts = mirroredParts(await mirror.load(id));
    await Promise.all(parts.map(([number, part]) => durable.addPart(id, number, part)));
  };

  const loadDurable = async (id: string): Promise<Saved> => {
    try {
      return lost.has(id) ? undefined : await durable.load(id);
    } catch (cause) {
      lose(id, cause);
      return undefined;
    }
  };
  /** Storage was cleared, or another tab removed it: should that one have finished, the store will say so. */
  const loadMirror = async (id: string): Promise<Saved> => {
    const saved = await mirror.load(id);
    if (saved === undefined) return undefined;
    await write(id, () => refill(id));
    return { head: saved.head, parts: mirroredParts(saved).map(([, part]) => part) };
  };

  /** This page takes it over from whichever wrote to it last: that may have been an earlier page, or another tab. */
  const takeOver = async (id: string, head: unknown): Promise<void> => {
    const saved = await loadDurable(id);
    if (saved === undefined) {
      if ((await mirror.load(id)) !== undefined) return await mirror.updateHead(id, head);
      if (!lost.has(id)) throw noHead();
    }
    await mirror.begin(id, head);
    for (const part of saved?.parts ?? []) {
      const number = partNumberOf(part);
      if (number !== undefined) await mirror.addPart(id, number, [number, part] satisfies NumberedPart);
    }
  };

  return {
    load: async (id) => (await loadDurable(id)) ?? (await loadMirror(id)),
    async begin(id, head) {
      await mirror.begin(id, head);
      await write(id, (store) => store.begin(id, head));
    },
    async addPart(id, partNumber, part) {
      await mirror.addPart(id, partNumber, [partNumber, part] satisfies NumberedPart);
      await write(id, (store) => store.addPart(id, partNumber, part));
    },
    async updateHead(id, head) {
      await takeOver(id, head);
      await write(id, (store) => store.updateHead(id, head));
    },
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

function mirroredParts(saved: Saved): readonly NumberedPart[] {
  return (saved?.parts ?? []) as readonly NumberedPart[];
}
