/** Checkpoints that live as long as the page: for `checkpoints: false`. */
import type { CheckpointStore } from "./checkpoint-store.js";

interface Entry {
  readonly head: unknown;
  readonly parts: Map<number, unknown>;
}

export function memoryCheckpoints(): CheckpointStore {
  const entries = new Map<string, Entry>();
  return {
    async load(id) {
      const entry = entries.get(id);
      return entry && { head: entry.head, parts: [...entry.parts.values()] };
    },
    async begin(id, head) {
      entries.set(id, { head, parts: new Map() });
    },
    async addPart(id, partNumber, part) {
      entries.get(id)?.parts.set(partNumber, part);
    },
    async updateHead(id, head) {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set(id, { ...entry, head });
    },
    async remove(id) {
      entries.delete(id);
    },
    async list() {
      return [...entries].map(([id, { head, parts }]) => ({ id, head, storedParts: parts.size }));
    },
  };
}
