/** A memory server and a page connected to it, for the contract suite. */
import type { StoreUnderTest } from "../contracts/store-bench.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";

export function memoryStoreUnderTest(): StoreUnderTest {
  const server = new MemoryServer({ minPartSize: 64 });
  return {
    store: memoryStore(server),
    contentOf: async (key) => server.objects.get(key)?.bytes,
    openUploads: async (key) => [...server.uploads].filter(([, upload]) => upload.key === key).map(([id]) => id),
    forbid: async (...rights) => {
      for (const right of rights) server.permissions[right] = false;
    },
    close: async () => undefined,
  };
}
