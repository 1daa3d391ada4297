/** IndexedDB keeps the same contract as the checkpoint stores in memory. */
import { checkpointStoreContract } from "../packages/core/test/contracts/checkpoint-store.contract.js";
import { expect, test } from "./fixtures.js";

for (const { name } of checkpointStoreContract) {
  test(`in IndexedDB, ${name}`, async ({ page, pageServer }) => {
    await page.goto(pageServer.page());

    const failure = await page.evaluate(async (name) => {
      const { checkpointStoreContract, indexedDbCheckpoints } = await import("ossicle-checkpoints");
      const chosen = checkpointStoreContract.find((entry) => entry.name === name);
      if (chosen === undefined) return "There is no such case in the page";
      return await chosen.check(indexedDbCheckpoints()).then(
        () => undefined,
        (error: unknown) => String(error),
      );
    }, name);

    expect(failure).toBeUndefined();
  });
}

test("a file handle survives in a head", async ({ page, pageServer }) => {
  await page.goto(pageServer.page());

  const text = await page.evaluate(async () => {
    const { indexedDbCheckpoints } = await import("ossicle-checkpoints");
    const directory = await navigator.storage.getDirectory();
    const handle = await directory.getFileHandle("kept.txt", { create: true });
    const writable = await handle.createWritable();
    await writable.write("kept");
    await writable.close();
    await indexedDbCheckpoints().begin("a", { handle });
    const saved = await indexedDbCheckpoints().load("a");
    const head = saved?.head as { readonly handle: FileSystemFileHandle } | undefined;
    return await (await head?.handle.getFile())?.text();
  });

  expect(text).toBe("kept");
});

test("a connection that another tab made way for is opened anew", async ({ page, pageServer }) => {
  await page.goto(pageServer.page());

  const kept = await page.evaluate(async () => {
    const { indexedDbCheckpoints } = await import("ossicle-checkpoints");
    const store = indexedDbCheckpoints();
    await store.begin("a", { upload: 1 });
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase("ossicle");
      deleting.onsuccess = resolve;
      deleting.onblocked = reject;
      deleting.onerror = reject;
    });
    await store.begin("a", { upload: 2 });
    return (await store.load("a"))?.head;
  });

  expect(kept).toEqual({ upload: 2 });
});
