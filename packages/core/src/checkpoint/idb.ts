/** Keeps checkpoints in IndexedDB. The head has the key `[id, 0]` and part n the key `[id, n]`, so an upload is one key range. */
import { getMany, keys, promisifyRequest, type UseStore } from "idb-keyval";
import { type CheckpointStore, noHead } from "./checkpoint-store.js";

const databaseName = "ossicle";
const storeName = "checkpoints";

type Key = [id: string, part: number];

export function indexedDbCheckpoints(): CheckpointStore {
  const database = openedOnce();
  const withDurability =
    (durability: IDBTransactionDurability): UseStore =>
    async (mode, callback) =>
      await callback((await database.open()).transaction(storeName, mode, { durability }).objectStore(storeName));
  /** A transaction that resolves when its data is on the disk. */
  const flushed = withDurability("strict");
  /** A transaction that resolves when the operating system has its data: enough to survive a crash of the browser, not a power cut. */
  const written = withDurability("relaxed");

  return {
    load: (id) =>
      written("readonly", async (store) => {
        const head = await promisifyRequest<unknown>(store.get(headKey(id)));
        // One request for a file of which nothing is known, as most are.
        return head === undefined
          ? undefined
          : { head, parts: await promisifyRequest<unknown[]>(store.getAll(partsOf(id))) };
      }),
    begin: (id, head) =>
      flushed("readwrite", (store) => {
        store.delete(allOf(id));
        store.put(head, headKey(id));
        return promisifyRequest(store.transaction);
      }),
    addPart: (id, partNumber, part) => written("readwrite", (store) => putIfBegun(store, id, [id, partNumber], part)),
    updateHead: (id, head) => flushed("readwrite", (store) => putIfBegun(store, id, headKey(id), head)),
    remove: (id) =>
      written("readwrite", (store) => {
        store.delete(allOf(id));
        return promisifyRequest(store.transaction);
      }),
    list: () => listAll(written),
  };
}

/** Writes a record, if the upload has a head. */
async function putIfBegun(store: IDBObjectStore, id: string, key: Key, record: unknown): Promise<void> {
  if ((await promisifyRequest(store.getKey(headKey(id)))) === undefined) throw noHead();
  store.put(record, key);
  await promisifyRequest(store.transaction);
}

/** Of a folder of thousands each file may have one, and to ask for all of them at once takes a page 35 ms. */
const headsInOneTask = 200;

async function listAll(using: UseStore): ReturnType<CheckpointStore["list"]> {
  const all = await keys<Key>(using);
  const ids = all.filter(([, part]) => part === 0).map(([id]) => id);
  const stored = new Map<string, number>();
  for (const [id, part] of all) if (part > 0) stored.set(id, (stored.get(id) ?? 0) + 1);
  const heads: unknown[] = [];
  for (let from = 0; from < ids.length; from += headsInOneTask) {
    heads.push(...(await getMany<unknown>(ids.slice(from, from + headsInOneTask).map(headKey), using)));
  }
  // A head that was removed between the two requests is left out.
  return ids.flatMap((id, index) => {
    const head = heads[index];
    return head === undefined ? [] : [{ id, head, storedParts: stored.get(id) ?? 0 }];
  });
}

/**
 * Opens the database at first use. After a failure the next call tries again, and a connection that the browser closed (storage
 * cleared, a newer version in another tab) is opened anew. idb-keyval's own store would keep a failure for ever.
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

const headKey = (id: string): Key => [id, 0];
const partsOf = (id: string) => IDBKeyRange.bound([id, 1], [id, Number.POSITIVE_INFINITY]);
const allOf = (id: string) => IDBKeyRange.bound([id], [id, []]);
