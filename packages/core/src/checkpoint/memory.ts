/** Keeps checkpoints in memory, for as long as the page lives: for `checkpoints: false`. */
import { type CheckpointStore, noHead } from "./checkpoint-store.js";

interface Entry {
  readonly head: unknown;
  readonly parts: Map<number, unknown>;
}

export function memoryCheckpoints(): CheckpointStore {
  const entries = new Map<string, Entry>();
  const begun = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw noHead();
    return entry;
  };
  return {
    async load(id) {
      const entry = entries.get(id);
      return entry && { head: entry.head, parts: [...entry.parts.values()] };
    },
    async begin(id, head) {
      entries.set(id, { head, parts: new Map() });
    },
    async addPart(id, partNumber, part) {
      begun(id).parts.set(partNumber, part);
    },
    async updateHead(id, head) {
      entries.set(id, { ...begun(id), head });
    },
    async remove(id) {
      entries.delete(id);
    },
    async list() {
      return [...entries].map(([id, { head, parts }]) => ({ id, head, storedParts: parts.size }));
    },
  };
}
