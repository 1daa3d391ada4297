/** An app whose bearer token rotates has its requests signed with the token of the moment. */
import { afterEach, expect, test, vi } from "vitest";
import { signRemotely } from "../../src/store/bucket/remote-signer.js";
import { serviceClock } from "../../src/store/bucket/service-clock.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { signAt } from "../../src/store/oss/sign-at.js";

const request: SignableRequest = {
  action: "UploadPart",
  method: "PUT",
  bucket: "user-files",
  key: "a.bin",
  query: { partNumber: "1", uploadId: "U" },
  headers: {},
};
const { signal } = new AbortController();

/** The app's server signs whatever it is asked. @returns the headers of each request to it */
function appServer() {
  const seen: Headers[] = [];
  vi.stubGlobal("fetch", async (_url: string, { headers, body }: { headers: Headers; body: string }) => {
    seen.push(headers);
    const signed = (JSON.parse(body) as SignableRequest[]).map(({ key, query }) => ({
      url: `https://oss.example/${key}?${new URLSearchParams({ ...query, s: "1" })}`,
    }));
    return Response.json(signed);
  });
  return seen;
}
afterEach(() => vi.unstubAllGlobals());

const signer = (given: Parameters<typeof signAt>[1]) =>
  signRemotely(signAt("/api/sign", given), "ossStore()", serviceClock(Date.now, Number.POSITIVE_INFINITY));

test.each<[string, (token: number) => RequestInit | Promise<RequestInit>]>([
  ["at once", (token) => ({ headers: { authorization: `Bearer ${token}` } })],
  ["later", async (token) => ({ headers: { authorization: `Bearer ${token}` } })],
])("a function that answers %s is asked for every batch, and once for a batch", async (_when, init) => {
  const seen = appServer();
  let token = 0;
  const sign = signer(() => init(++token));

  await Promise.all([sign(request, { signal }), sign(request, { signal })]);
  await sign(request, { signal });

  expect(seen.map((headers) => headers.get("authorization"))).toEqual(["Bearer 1", "Bearer 2"]);
  expect(seen.map((headers) => headers.get("content-type"))).toEqual(Array(2).fill("application/json"));
});

test.each<[string, () => RequestInit | Promise<RequestInit>]>([
  [
    "throws",
    () => {
      throw new Error("no session");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no session"))],
])("a function that %s is a failure of credentials that may pass, with the reason", async (_how, init) => {
  const seen = appServer();

  const signing = signer(init)(request, { signal });

  await expect(signing).rejects.toMatchObject({
    code: "credentials",
    temporary: true,
    message: expect.stringContaining("no session"),
  });
  expect(seen).toEqual([]);
});

test("a user who is signed out is told at once", async () => {
  appServer();
  const init = () => Promise.reject(Object.assign(new Error("signed out"), { status: 401 }));

  await expect(signer(init)(request, { signal })).rejects.toMatchObject({ code: "forbidden", temporary: false });
});

test("a function that fetches a token may stop when no upload waits for it any more", async () => {
  appServer();
  const stop = new AbortController();
  const stopped = new Promise((resolve) => {
    const sign = signer(async (context) => {
      context.signal.addEventListener("abort", () => resolve(context.signal.reason));
      stop.abort(new Error("left"));
      return await new Promise<RequestInit>(() => undefined);
    });
    sign(request, { signal: stop.signal }).catch(() => undefined);
  });

  expect(await stopped).toBeDefined();
});
