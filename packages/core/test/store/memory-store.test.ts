import { describeObjectStore } from "../contracts/object-store.contract.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";

describeObjectStore("memory-store", async () => {
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
});
