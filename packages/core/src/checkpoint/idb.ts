/** Checkpoints in IndexedDB: array keys `[id, 0]` for the head, `[id, n]` for part n, so that an upload is one key range. */
import { promisifyRequest } from "idb-keyval";
import type { CheckpointStore } from "./checkpoint-store.js";

const databaseName = "ossicle";
const storeName = "checkpoints";

type Key = readonly [id: string, part: number];

export function indexedDbCheckpoints(): CheckpointStore {
  const database = openedOnce();

  /** @param durability "strict" is flushed to the disk before it resolves; "relaxed" is left to the operating system */
  const inStore = async <T>(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability,
    work: (store: IDBObjectStore) => T | Promise<T>,
  ): Promise<T> => {
    const transaction = (await database.open()).transaction(storeName, mode, { durability });
    const done = promisifyRequest(transaction);
    const [result] = await Promise.all([work(transaction.objectStore(storeName)), done]);
    return result;
  };
  const ifBegun = async (store: IDBObjectStore, id: string, write: () => void) => {
    if ((await promisifyRequest(store.getKey(headKey(id)))) !== undefined) write();
  };

  return {
    load: (id) =>
      inStore("readonly", "relaxed", async (store) => {
        const [head, parts] = await Promise.all([
          promisifyRequest<unknown>(store.get(headKey(id))),
          promisifyRequest<unknown[]>(store.getAll(partsOf(id))),
        ]);
        return head === undefined ? undefined : { head, parts };
      }),
    begin: (id, head) =>
      inStore("readwrite", "strict", (store) => {
        store.delete(allOf(id));
        store.put(head, headKey(id));
      }),
    addPart: (id, partNumber, part) =>
      inStore("readwrite", "relaxed", (store) => ifBegun(store, id, () => void store.put(part, [id, partNumber]))),
    updateHead: (id, head) =>
      inStore("readwrite", "strict", (store) => ifBegun(store, id, () => void store.put(head, headKey(id)))),
    remove: (id) =>
      inStore("readwrite", "relaxed", (store) => {
        store.delete(allOf(id));
      }),
    list: () =>
      inStore("readonly", "relaxed", async (store) => {
        const keys = (await promisifyRequest(store.getAllKeys())) as unknown as readonly Key[];
        const heads = keys.filter(([, part]) => part === 0).map(([id]) => id);
        const stored = new Map<string, number>();
        for (const [id, part] of keys) if (part > 0) stored.set(id, (stored.get(id) ?? 0) + 1);
        return await Promise.all(
          heads.map(async (id) => ({
            id,
            head: await promisifyRequest<unknown>(store.get(headKey(id))),
            storedParts: stored.get(id) ?? 0,
          })),
        );
      }),
  };
}

/**
 * The database, opened at first use. A failed open is tried again at the next call, and a connection that the browser closed
 * (storage cleared, a newer version in another tab) is opened anew: idb-keyval's own store would keep either for ever.
 */
function openedOnce(): { open(): Promise<IDBDatabase> } {
  let opening: Promise<IDBDatabase> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const start = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    const opened = await promisifyRequest(request);
    opened.onclose = forget;
    opened.onversionchange = () => {
      opened.close();
      forget();
    };
    return opened;
  };
  return {
    open() {
      opening ??= start().catch((error: unknown) => {
        forget();
        throw error;
      });
      return opening;
    },
  };
}

const headKey = (id: string) => [id, 0];
const partsOf = (id: string) => IDBKeyRange.bound([id, 1], [id, Number.POSITIVE_INFINITY]);
const allOf = (id: string) => IDBKeyRange.bound([id], [id, []]);
