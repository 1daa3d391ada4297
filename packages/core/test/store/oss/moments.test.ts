/** A moment that is remembered stays what it was, whatever happens to the page's clock. */
import { expect, test } from "vitest";
import type { ByteWorkers } from "../../../src/workers/byte-workers.js";
import { ossConnection } from "./connected.js";

const year = 365 * 86_400_000;

test.each([
  ["behind", -2 * year],
  ["ahead", 2 * year],
])(
  "a moment that was taken while the page's clock was two years %s is right after it was set",
  async (_how, wrongBy) => {
    const trueMs = Date.UTC(2026, 0, 1);
    let pageMs = trueMs + wrongBy;
    const answer = { status: 404, headers: { date: new Date(trueMs).toUTCString() }, body: "", xml: undefined };
    const workers = { send: async () => answer, parseXml: async () => undefined } as unknown as ByteWorkers;
    const store = ossConnection({
      region: "cn-hangzhou",
      bucket: "user-files",
      credentials: { accessKeyId: "id", accessKeySecret: "secret" },
    }).connect({ workers, now: () => pageMs, stallTimeoutMs: 1_000 });
    const { signal } = new AbortController();
    await store.head("a", { signal });

    const moment = store.moment();
    pageMs = trueMs;
    await store.head("a", { signal });

    expect(Math.abs((moment() ?? 0) - trueMs)).toBeLessThan(10_000);
  },
);
