/**
 * A layer over a database that may fail: uploads then go on from a copy in memory, and `onLost` tells once for each upload that it would
 * not survive the page. If the database was emptied the copy is written to it again. Laws: the checkpoint outlives what it points at; a
 * layer is a store that wraps a store.
 */
import { type CheckpointStore, type Checkpoints, isNoHead, noHead } from "./checkpoint-store.js";
import { memoryCheckpoints } from "./memory.js";
import { partNumberOf } from "./records.js";

type Saved = Awaited<ReturnType<CheckpointStore["load"]>>;
type NumberedPart = readonly [number: number, part: unknown];
type OnLost = (id: string | undefined, cause: unknown) => void;

/** @param onLost called with the checkpoint id, or undefined if listing failed, and the error of the database */
export function forgiving(database: CheckpointStore, onLost: OnLost): Checkpoints {
  return new Forgiving(database, onLost);
}

class Forgiving implements Checkpoints {
  readonly #database: CheckpointStore;
  readonly #onLost: OnLost;
  /** The uploads of this page, so that a pause after the database broke does not start over. Holds each part as a NumberedPart. */
  readonly #mirror = memoryCheckpoints();
  /** Ids of the uploads that the database failed to keep. */
  readonly #lost = new Set<string>();
  readonly #refilling = new Map<string, Promise<void>>();

  constructor(database: CheckpointStore, onLost: OnLost) {
    this.#database = database;
    this.#onLost = onLost;
  }

  async load(id: string, how?: "look"): Promise<Saved> {
    const saved = await this.#loadDurable(id);
    return saved ?? (how === "look" && !this.#lost.has(id) ? undefined : await this.#loadMirrored(id));
  }

  async begin(id: string, head: unknown): Promise<void> {
    await this.#mirror.begin(id, head);
    await this.#write(id, () => this.#database.begin(id, head));
  }

  async addPart(id: string, partNumber: number, part: unknown): Promise<void> {
    await this.#mirrorPart(id, partNumber, part);
    await this.#write(id, () => this.#database.addPart(id, partNumber, part));
  }

  async updateHead(id: string, head: unknown): Promise<void> {
    await this.#takeOver(id, head);
    await this.#write(id, () => this.#database.updateHead(id, head));
  }

  async remove(id: string): Promise<void> {
    await this.#mirror.remove(id);
    try {
      // Even if the upload is lost: what the database kept before must not be offered to a later page.
      await this.#database.remove(id);
    } catch (cause) {
      this.#lose(id, cause);
    }
  }

  async list(): ReturnType<CheckpointStore["list"]> {
    try {
      return await this.#database.list();
    } catch (cause) {
      this.#onLost(undefined, cause);
      return [];
    }
  }

  #lose(id: string, cause: unknown): void {
    if (this.#lost.has(id)) return;
    this.#lost.add(id);
    this.#onLost(id, cause);
  }

  async #write(id: string, change: () => Promise<void>): Promise<void> {
    if (this.#lost.has(id)) return;
    try {
      await change().catch(async (cause: unknown) => {
        if (!isNoHead(cause)) throw cause;
        await this.#refill(id);
        await change();
      });
    } catch (cause) {
      this.#lose(id, cause);
    }
  }

  /** The database was emptied: writes what this page knows again, once for all lanes that find out. */
  #refill(id: string): Promise<void> {
    const refilling = this.#refilling.get(id) ?? this.#fill(id).finally(() => this.#refilling.delete(id));
    this.#refilling.set(id, refilling);
    return refilling;
  }

  async #fill(id: string): Promise<void> {
    await this.#database.begin(id, (await this.#mirror.load(id))?.head);
    // The parts are read after the head is written: an earlier part is in the mirror by now, and a later one finds the head.
    const parts = mirroredParts(await this.#mirror.load(id));
    await Promise.all(parts.map(([number, part]) => this.#database.addPart(id, number, part)));
  }

  async #loadDurable(id: string): Promise<Saved> {
    try {
      return this.#lost.has(id) ? undefined : await this.#database.load(id);
    } catch (cause) {
      this.#lose(id, cause);
      return undefined;
    }
  }

  /** For a checkpoint that the database does not have: it was emptied, or another tab finished the upload, which the store will tell. */
  async #loadMirrored(id: string): Promise<Saved> {
    const saved = await this.#mirror.load(id);
    if (saved === undefined) return undefined;
    await this.#write(id, () => this.#refill(id));
    return { head: saved.head, parts: mirroredParts(saved).map(([, part]) => part) };
  }

  /** Copies the checkpoint to the mirror with a new head: an earlier page or another tab may have written to it since this page did. */
  async #takeOver(id: string, head: unknown): Promise<void> {
    const saved = await this.#loadDurable(id);
    if (saved === undefined) {
      if ((await this.#mirror.load(id)) !== undefined) return await this.#mirror.updateHead(id, head);
      if (!this.#lost.has(id)) throw noHead();
    }
    await this.#mirror.begin(id, head);
    for (const part of saved?.parts ?? []) {
      const number = partNumberOf(part);
      if (number !== undefined) await this.#mirrorPart(id, number, part);
    }
  }

  async #mirrorPart(id: string, partNumber: number, part: unknown): Promise<void> {
    await this.#mirror.addPart(id, partNumber, [partNumber, part] satisfies NumberedPart);
  }
}

function mirroredParts(saved: Saved): readonly NumberedPart[] {
  return (saved?.parts ?? []) as readonly NumberedPart[];
}
