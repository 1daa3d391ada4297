/** What of a store goes along to a worker that outlives the page: keys in hand, or where to ask, and nothing that the page alone can do. */
import { expect, test, vi } from "vitest";
import type { ObjectStore } from "../../../src/store/object-store.js";
import { ossConnection } from "../../../src/store/oss/oss-adapter.js";
import type { OssStoreOptions } from "../../../src/store/oss/oss-options.js";
import { ossOptionsOf } from "../../../src/store/oss/portable-oss.js";
import { signAt } from "../../../src/store/oss/sign-at.js";
import { memoryWorkers } from "../../doubles/memory-workers.js";

const place = { region: "cn-hangzhou", bucket: "user-files", endpoint: undefined, addressing: undefined };
const keys = { accessKeyId: "STS.id", accessKeySecret: "secret", securityToken: "token" };
const hour = 3_600_000;

async function connect(options: Omit<OssStoreOptions, "region" | "bucket">, now = Date.now): Promise<ObjectStore> {
  const connection = ossConnection({ ...place, ...options } as OssStoreOptions);
  return await connection.connect({ workers: { ...memoryWorkers(), send: refuse }, now, stallTimeoutMs: 1_000 });
}
const refuse = () => Promise.reject(new DOMException("no network", "AbortError"));

/** Cloned, as between threads. */
function along(store: ObjectStore): OssStoreOptions | undefined {
  const portable = store.portable?.();
  return portable && ossOptionsOf(structuredClone(portable));
}

/** Has the app asked for a signature. */
async function asked(store: ObjectStore): Promise<void> {
  await store.head("a", { signal: new AbortController().signal }).catch(() => undefined);
}

/** A page resolves URLs by its own. */
class RequestOfPage {
  readonly url: string;

  constructor(url: string) {
    this.url = new URL(url, "https://app.example/a/").href;
  }
}

test("keys that the page was given go along", async () => {
  const store = await connect({ credentials: keys, signature: "v1" });

  expect(along(store)).toMatchObject({ ...place, signature: "v1", credentials: keys });
});

test("a token that was fetched goes along while it is good, and before it was fetched nothing does", async () => {
  let now = Date.now();
  const expiration = new Date(now + hour).toISOString();
  const store = await connect({ credentials: async () => ({ ...keys, expiration }) }, () => now);
  const before = along(store);
  await asked(store);
  const good = along(store);
  now += hour;

  expect(before).toBeUndefined();
  expect(good?.credentials).toMatchObject({ ...keys, expiration: Date.parse(expiration) });
  expect(along(store)).toBeUndefined();
});

test("a signer of the app's own stays with its page", async () => {
  expect(along(await connect({ signer: async () => [] }))).toBeUndefined();
});

test("signAt() goes along with an absolute URL, and with what its init last gave", async () => {
  vi.stubGlobal("Request", RequestOfPage);
  let token = 0;
  const init = () => ({
    headers: { authorization: `Bearer ${++token}` },
    credentials: "include" as const,
    signal: AbortSignal.abort(),
  });
  const store = await connect({ signer: signAt("sign", init) });
  const before = along(store);
  const fetch = vi.fn(async () => new Response("[]"));
  vi.stubGlobal("fetch", fetch);
  await asked(store);

  const options = along(store);
  await options?.signer?.([], { signal: new AbortController().signal });
  vi.unstubAllGlobals();

  expect(before).toBeUndefined();
  const [url, given] = fetch.mock.calls.at(-1) as unknown as [string, RequestInit];
  expect(url).toBe("https://app.example/a/sign");
  expect(given.credentials).toBe("include");
  expect(new Headers(given.headers).get("authorization")).toBe("Bearer 1");
});
