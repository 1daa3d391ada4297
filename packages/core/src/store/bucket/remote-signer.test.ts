import { describe, expect, test } from "vitest";
import { UploadError } from "../../errors.js";
import { ossPlace } from "../oss/addressing.js";
import { signRemotely } from "./remote-signer.js";
import { serviceClock } from "./service-clock.js";
import type { RequestSigner, SignableRequest, SignedRequest } from "./signable-request.js";

const start = Date.UTC(2026, 0, 1);
const options = { signal: new AbortController().signal };
const place = ossPlace({ region: "cn-hangzhou", bucket: "user-files" });

function part(number: number, key = "目录/a b.bin"): SignableRequest {
  return {
    action: "UploadPart",
    method: "PUT",
    bucket: "user-files",
    key,
    query: { partNumber: String(number), uploadId: "U+/" },
    headers: { "content-md5": "abc" },
  };
}

const signed = (request: SignableRequest): SignedRequest => ({
  url: `${place.urlOf(request.key, { ...request.query, "x-oss-signature": "s" })}`,
});

/** An app server that signs everything and remembers what it was asked. */
function appServer(answer: (requests: readonly SignableRequest[]) => unknown = (requests) => requests.map(signed)) {
  const batches: (readonly SignableRequest[])[] = [];
  const signals: AbortSignal[] = [];
  const sign: RequestSigner = async (requests, context) => {
    batches.push(requests);
    signals.push(context.signal);
    return (await answer(requests)) as readonly SignedRequest[];
  };
  return { sign, batches, signals };
}

describe("a signer that asks the application server", () => {
  const signerFor = (app: { sign: RequestSigner }, now = () => start) =>
    signRemotely(app.sign, "ossStore()", serviceClock(now, 900_000));

  test("asks once for everything that comes in one task, and gives each its own", async () => {
    const app = appServer();
    const sign = signerFor(app);

    const calls = await Promise.all([1, 2, 3].map(async (number) => await sign(part(number), options)));

    expect(app.batches).toEqual([[part(1), part(2), part(3)]]);
    expect(calls.map(({ url }) => new URL(url).searchParams.get("partNumber"))).toEqual(["1", "2", "3"]);
  });

  test("asks for at most a hundred at once", async () => {
    const app = appServer();
    const sign = signerFor(app);

    await Promise.all(
      Array.from({ length: 250 }, (_, index) => sign(part(index + 1), { signal: new AbortController().signal })),
    );

    expect(app.batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
  });

  test("asks again for what comes later", async () => {
    const app = appServer();
    const sign = signerFor(app);

    await sign(part(1), options);
    await sign(part(1), options);

    expect(app.batches).toHaveLength(2);
  });

  test("sends the page's headers and those that the server adds", async () => {
    const app = appServer((requests) =>
      requests.map((request) => ({ ...signed(request), headers: { authorization: "a" } })),
    );

    const { headers } = await signerFor(app)(part(1), options);

    expect(headers).toEqual({ "content-md5": "abc", authorization: "a" });
  });

  test("sends a header once that the server spells in capitals, as SDKs of other languages do", async () => {
    const app = appServer((requests) =>
      requests.map((request) => ({ ...signed(request), headers: { "Content-MD5": "abc", "X-Oss-Meta-A": "b" } })),
    );

    const { headers } = await signerFor(app)(part(1), options);

    expect(headers).toEqual({ "content-md5": "abc", "x-oss-meta-a": "b" });
  });

  test("takes null for what a server leaves out, as languages write it that know no undefined", async () => {
    const app = appServer((requests) =>
      requests.map((request) => ({ ...signed(request), headers: null, expiresAt: null })),
    );

    expect((await signerFor(app)(part(1), options)).headers).toEqual({ "content-md5": "abc" });
  });

  test("has a URL that is already over signed again, once", async () => {
    const app = appServer((requests) => requests.map((request) => ({ ...signed(request), expiresAt: start / 1000 })));

    await signerFor(app)(part(1), options);

    expect(app.batches).toHaveLength(2);
  });

  test("uses a URL that is good for a while", async () => {
    const app = appServer((requests) => requests.map((request) => ({ ...signed(request), expiresAt: start + 1000 })));

    await signerFor(app)(part(1), options);

    expect(app.batches).toHaveLength(1);
  });

  test("leaves out who has left before the server was asked, and does not disturb the others", async () => {
    const app = appServer();
    const sign = signerFor(app);
    const leaving = new AbortController();
    const reason = new DOMException("paused", "AbortError");

    const left = sign(part(1), { signal: leaving.signal });
    const stayed = sign(part(2), options);
    leaving.abort(reason);

    await expect(left).rejects.toBe(reason);
    expect((await stayed).url).toContain("partNumber=2");
    expect(app.batches).toEqual([[part(2)]]);
    expect(app.signals[0]?.aborted).toBe(false);
  });

  test("keeps what the server threw as the cause, and may be asked later", async () => {
    const cause = new TypeError("Failed to fetch");
    const app = appServer(() => Promise.reject(cause));

    await expect(signerFor(app)(part(1), options)).rejects.toMatchObject({
      code: "credentials",
      temporary: true,
      cause,
    });
  });

  test.each(["forbidden", "rejected"] as const)("lets one that is %s take no other along", async (code) => {
    const app = appServer((requests) => {
      if (requests.some(({ key }) => key === "not/mine")) throw new UploadError(code, "No");
      return requests.map(signed);
    });
    const sign = signerFor(app);

    const [first, second, third] = await Promise.allSettled([
      sign(part(1), options),
      sign(part(2, "not/mine"), options),
      sign(part(3), options),
    ]);

    expect(first).toMatchObject({ status: "fulfilled", value: { url: signed(part(1)).url } });
    expect(second).toMatchObject({ status: "rejected", reason: { code, temporary: false, partNumber: 2 } });
    expect(third).toMatchObject({ status: "fulfilled", value: { url: signed(part(3)).url } });
    expect(app.batches.map((batch) => batch.length)).toEqual([3, 1, 1, 1]);
  });

  test.each(["PutObject", "UploadPart"] as const)("states the length of what %s will carry", async (action) => {
    const app = appServer();

    const { headers } = await signerFor(app)({ ...part(1), action }, options, 0);

    expect(app.batches[0]?.[0]?.headers).toEqual({ "content-md5": "abc", "content-length": "0" });
    expect(headers).toEqual({ "content-md5": "abc" });
  });

  test("states no length of the list of parts, which is none of the file's bytes", async () => {
    const app = appServer();

    await signerFor(app)({ ...part(1), action: "CompleteMultipartUpload" }, options, 300);

    expect(app.batches[0]?.[0]?.headers).toEqual({ "content-md5": "abc" });
  });

  const url = signed(part(1)).url;

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["too few", []],
    ["too many", [{ url }, { url }]],
    ["no URL", [{}]],
    ["null", [null]],
    ["a URL without a host", [{ url: "/a" }]],
    ["a URL that is a script", [{ url: "javascript:alert(1)" }]],
    ["the URL of another part", [signed(part(2))]],
    ["the URL of another object", [signed(part(1, "目录/other.bin"))]],
    ["headers that are no texts", [{ url, headers: { a: 1 } }]],
    ["headers in a list", [{ url, headers: ["authorization"] }]],
    ["a header that no header can be called", [{ url, headers: { "a b": "c" } }]],
    ["a header of two lines", [{ url, headers: { a: "b\nc: d" } }]],
    ["a header beyond ASCII", [{ url, headers: { a: "目" } }]],
    ["a header in two spellings", [{ url, headers: { "Content-MD5": "abc", "content-md5": "abc" } }]],
    ["a URL with a name", [{ url: url.replace("://", "://user@") }]],
    ["a URL with a password", [{ url: url.replace("://", "://:secret@") }]],
    ["an end that is no date", [{ url, expiresAt: "soon" }]],
  ])("does not use an answer that is %s, nor ask again", async (_, answer) => {
    const app = appServer(() => answer);

    await expect(signerFor(app)(part(1), options)).rejects.toMatchObject({
      code: "credentials",
      temporary: false,
      action: "UploadPart",
      hint: expect.any(String),
    });
    expect(app.batches).toHaveLength(1);
  });

  describe("of which a form is asked", () => {
    const form: SignableRequest = { ...part(1), action: "PostObject", method: "POST", query: {} };
    const fields = { key: form.key, policy: "p" };
    const asForm = (): SignedRequest => ({ url: place.urlOf("", {}), fields });

    test("gives its fields, and no header to send with them", async () => {
      const app = appServer((requests) => requests.map(asForm));

      const signed = await signerFor(app)(form, options);

      expect(signed).toMatchObject({ url: place.urlOf("", {}), fields, headers: {} });
    });

    test("is asked for forms apart from other requests, which a server that knows no forms would refuse with them", async () => {
      const app = appServer((requests) =>
        requests.map((one) => (one.action === "PostObject" ? asForm() : signed(one))),
      );
      const sign = signerFor(app);

      await Promise.all([sign(form, options), sign(part(2), options), sign(form, options)]);

      expect(app.batches).toEqual([[form, form], [part(2)]]);
    });

    test.each<[string, (requests: readonly SignableRequest[]) => unknown]>([
      ["an answer without fields", () => [{ url: place.urlOf("", {}) }]],
      ["fields of another object", () => [{ ...asForm(), fields: { key: "other" } }]],
      ["fields that are no texts", () => [{ ...asForm(), fields: { key: form.key, policy: 1 } }]],
      ["a URL alone, as of an upload of old", (requests) => requests.map(signed)],
      ["nothing", () => undefined],
      ["a refusal", () => Promise.reject(new UploadError("rejected", "the action is not part of an upload"))],
      ["a no", () => Promise.reject(new UploadError("forbidden", "No"))],
    ])("and that gives %s rejects the form, and nothing else", async (_, answer) => {
      await expect(signerFor(appServer(answer))(form, options)).rejects.toMatchObject({ code: "rejected" });
    });

    test("and that fails for now is not said to sign no forms", async () => {
      const down = appServer(() => Promise.reject(new Error("500")));

      await expect(signerFor(down)(form, options)).rejects.toMatchObject({ code: "credentials", temporary: true });
    });

    test("leaves with the page's own reason where nobody waits any more", async () => {
      const leaving = new AbortController();
      const reason = new DOMException("paused", "AbortError");
      const left = signerFor(appServer())(form, { signal: leaving.signal });

      leaving.abort(reason);

      await expect(left).rejects.toBe(reason);
    });
  });
});
