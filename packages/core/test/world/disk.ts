/** What survives a page: checkpoints on a disk that may forget the last write that was not flushed. */
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { memoryCheckpoints } from "../../src/checkpoint/memory.js";

export class Disk {
  readonly checkpoints: CheckpointStore;
  #undo: (() => Promise<void>) | undefined;

  constructor() {
    const store = memoryCheckpoints();
    const flushed = async (write: Promise<void>) => {
      await write;
      this.#undo = undefined;
    };
    this.checkpoints = {
      ...store,
      begin: (id, head) => flushed(store.begin(id, head)),
      updateHead: (id, head) => flushed(store.updateHead(id, head)),
      addPart: async (id, number, part) => {
        const before = await store.load(id);
        await store.addPart(id, number, part);
        this.#undo = () => restore(store, id, before);
      },
      remove: async (id) => {
        const before = await store.load(id);
        await store.remove(id);
        this.#undo = () => restore(store, id, before);
      },
    };
  }

  /** Power is lost: the last write did not reach the disk unless it was flushed. */
  async loseLastWrite(): Promise<void> {
    await this.#undo?.();
    this.#undo = undefined;
  }
}

async function restore(store: CheckpointStore, id: string, before: Awaited<ReturnType<CheckpointStore["load"]>>) {
  if (before === undefined) return await store.remove(id);
  await store.begin(id, before.head);
  for (const [index, part] of before.parts.entries()) await store.addPart(id, index + 1, part);
}
