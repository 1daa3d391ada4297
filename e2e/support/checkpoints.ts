/** What the library keeps in IndexedDB, looked at and spoilt from outside. */
import type { Page } from "@playwright/test";

/** `[checkpoint id, part number]`; the head has number 0. */
export type RecordKey = readonly [id: string, part: number];

/** Keys of every record, ascending. None when there is no database, which is not made by looking. */
export async function recordKeys(page: Page): Promise<readonly RecordKey[]> {
  return await page.evaluate(async () => {
    const existing = await indexedDB.databases();
    if (!existing.some(({ name }) => name === "ossicle")) return [];
    return await new Promise<readonly RecordKey[]>((resolve, reject) => {
      const opening = indexedDB.open("ossicle");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const reading = opening.result.transaction("checkpoints").objectStore("checkpoints").getAllKeys();
        reading.onerror = () => reject(reading.error);
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result as unknown as readonly RecordKey[]);
        };
      };
    });
  });
}

/** Every value in every store of every database, as text. */
export async function everyRecord(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const ended = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const texts: string[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await ended(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values: unknown[] = await ended(database.transaction(store).objectStore(store).getAll());
        texts.push(...values.map((value) => JSON.stringify(value)));
      }
      database.close();
    }
    return texts;
  });
}

/**
 * Puts another record in the place of the head of the only checkpoint, beside what the old one kept with it.
 * @param change makes the content and its seal of what the head says
 */
export async function rewriteHead(
  page: Page,
  change: (plain: Readonly<Record<string, unknown>>) => { readonly plain: object; readonly seal: string },
): Promise<void> {
  const [key] = (await recordKeys(page)).filter(([, part]) => part === 0);
  if (key === undefined) throw new Error("There is no head");
  const head = (await everyRecord(page)).map((text) => JSON.parse(text)).find(({ plain }) => "fingerprint" in plain);
  await page.evaluate(
    async ({ key, head }) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open("ossicle");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => resolve(opening.result);
      });
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction("checkpoints", "readwrite", { durability: "strict" });
        transaction.onabort = () => reject(transaction.error);
        transaction.oncomplete = () => resolve();
        transaction.objectStore("checkpoints").put(head, [...key]);
      });
      database.close();
    },
    { key, head: { ...head, ...change(head.plain) } },
  );
}

export const damages = ["changed", "cut short", "unsealed", "rubbish", "null", "circular", "deleted"] as const;
export type Damage = (typeof damages)[number];

/** Spoils one record of the only checkpoint. @param part 0 for the head */
export async function damageRecord(page: Page, part: number, damage: Damage): Promise<void> {
  const [id] = (await recordKeys(page)).find(([, number]) => number === part) ?? [];
  if (id === undefined) throw new Error(`There is no record ${part}`);
  await page.evaluate(
    async ({ key, damage }) => {
      type Plain = Record<string, unknown>;
      const spoilt = (record: { plain: Plain; seal: string }): unknown => {
        const circle: Plain = { ...record.plain };
        circle.itself = circle;
        switch (damage) {
          case "changed":
            return {
              ...record,
              plain: { ...record.plain, uploadId: "another", etag: "0".repeat(32), partSize: 204_800 },
            };
          case "cut short":
            return { ...record, plain: Object.fromEntries(Object.entries(record.plain).slice(0, 3)) };
          case "unsealed":
            return { plain: record.plain };
          case "circular":
            return { ...record, plain: circle };
          case "null":
            return null;
          default:
            return "rubbish";
        }
      };
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open("ossicle");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => resolve(opening.result);
      });
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction("checkpoints", "readwrite", { durability: "strict" });
        const store = transaction.objectStore("checkpoints");
        transaction.onabort = () => reject(transaction.error);
        transaction.oncomplete = () => resolve();
        if (damage === "deleted") store.delete(key);
        else {
          const reading = store.get(key);
          reading.onsuccess = () => store.put(spoilt(reading.result), key);
        }
      });
      database.close();
    },
    { key: [id, part], damage },
  );
}

/** Resolves when it is gone, which it is not before every page has let go of it. */
export async function deleteDatabase(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase("ossicle");
        deleting.onerror = () => reject(deleting.error);
        deleting.onsuccess = () => resolve();
      }),
  );
}

/** A database as a later version of the library might leave it: another version, other stores. */
export async function createLaterDatabase(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open("ossicle", 7);
        opening.onupgradeneeded = () => opening.result.createObjectStore("uploads").put("theirs", "a key");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }),
  );
}
