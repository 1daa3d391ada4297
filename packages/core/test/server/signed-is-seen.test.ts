/** Whatever a page asks for, exactly what `authorize` has seen is signed, letter for letter. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Accounts } from "../../../oss-emulator/src/auth/accounts.js";
import { canonicalRequest, type SignableRequest as Sent } from "../../../oss-emulator/src/auth/v4.js";
import { verify } from "../../../oss-emulator/src/auth/verify.js";
import { verifyForm } from "../../../oss-emulator/src/auth/verify-form.js";
import { parseTarget } from "../../../oss-emulator/src/http/target.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { hostile } from "../store/oss/hostile.js";
import { ask, bucket, complete, everything, initiate, keys, list, part, post, put, region } from "./asking.js";

const names = { isBucket: (name: string) => name === bucket, bucketOfDomain: () => undefined };
const verifier = { accounts: new Accounts([keys], "SecurityTokenExpired", Date.now), region, now: Date.now };

/** Reads back what a signature is about, line by line, as the service splits it. */
function partsOf(canonical: string): { path: string; query: string[]; headers: [string, string][] } {
  const [, path = "", query = "", ...rest] = canonical.split("\n");
  const headers = rest.slice(0, rest.indexOf("")).map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return {
    path: decodeURIComponent(path),
    query: query === "" ? [] : query.split("&").map(decodeURIComponent),
    headers,
  };
}

const ownParameters = /^x-oss-(additional-headers|credential|date|expires|signature|signature-version)=/;

function expectSigned(url: string, seen: SignableRequest): void {
  const { host, pathname, search } = new URL(url);
  const target = parseTarget(`${pathname}${search}`, host, names);
  const sent: Sent = {
    method: seen.method,
    bucket: target.bucket,
    key: target.key,
    query: target.query.pairs,
    headers: seen.headers,
  };
  // The signature is of this text and no other ...
  expect(verify(sent, verifier)?.accessKeyId).toBe("id");
  const additional = target.query.get("x-oss-additional-headers")?.split(";") ?? [];
  const signed = partsOf(canonicalRequest(sent, additional));
  // ... and the text, read back, says what was seen.
  expect(signed.path).toBe(`/${bucket}/${seen.key}`);
  expect(signed.headers.sort()).toEqual(Object.entries(seen.headers).sort());
  expect(signed.query.filter((pair) => !ownParameters.test(pair)).sort()).toEqual(
    Object.entries(seen.query)
      .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
      .sort(),
  );
}

/** A form is signed by its policy, which has to fix what was seen, and to keep away what was not. */
function expectFixed(fields: Readonly<Record<string, string>>, seen: SignableRequest): void {
  const form = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const verified = verifyForm(form, bucket, verifier);
  expect(verified?.principal.accessKeyId).toBe("id");
  const { conditions = [], sizes } = verified?.policy ?? {};
  const fixed = new Map(conditions.map(({ field, values }) => [field, values[0]]));
  const ofForm = { "content-type": "x-oss-content-type", "x-oss-callback": "callback" };
  const { "content-length": size, ...headers } = seen.headers;
  for (const [name, value] of Object.entries(headers)) {
    expect(fixed.get(name in ofForm ? ofForm[name as keyof typeof ofForm] : name)).toBe(value);
  }
  expect(fixed.get("key")).toBe(seen.key);
  expect(sizes).toEqual([{ min: Number(size), max: Number(size) }]);
  expect(conditions.every(({ operator }) => operator === "eq")).toBe(true);
  for (const name of ["x-oss-object-acl", "callback", "x-oss-tagging", "x-oss-storage-class"]) {
    if (!form.has(name)) expect(fixed.get(name)).toBe("");
  }
}

const mixedCase = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((char, index) => (upper[index] ? char.toUpperCase() : char)).join(""));
const headerName = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "content-type",
      "content-md5",
      "cache-control",
      "content-disposition",
      "expires",
      "content-length",
      "x-oss-meta-a",
      "x-oss-object-acl",
      "x-oss-tagging",
      "x-oss-callback",
      "x-oss-forbid-overwrite",
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom("content-type", "x-oss-meta-a", "x-oss-copy-source").chain(mixedCase) },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: hostile.map((end) => `x-oss-meta-${end}`) },
);
const headerValue = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "text/plain", "private", "true", "e30=", "5", "1B2M2Y8AsgTpgAmY7PhCfg==", "a b: c"),
  },
  { weight: 2, arbitrary: hostile },
  { weight: 1, arbitrary: fc.constantFrom("", " a", "a\n", "a\nx-oss-copy-source:/b/secret", "a\r\nb: c") },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);
const parameters = fc.record(
  {
    uploadId: fc.oneof({ weight: 3, arbitrary: fc.constant("U+/=") }, { weight: 1, arbitrary: hostile }),
    partNumber: fc.oneof({ weight: 3, arbitrary: fc.constant("7") }, { weight: 1, arbitrary: hostile }),
    uploads: fc.constantFrom("", "x"),
    "max-parts": fc.constantFrom("1000", "0", "1\n"),
    "encoding-type": fc.constantFrom("url", "URL"),
    acl: hostile,
  },
  { requiredKeys: [] },
);
const fitting = fc.constantFrom(part, put, post, list, initiate, complete).chain((request) =>
  fc.record({
    action: fc.constant(request.action),
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant<unknown>(request.method) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    bucket: fc.oneof({ weight: 9, arbitrary: fc.constant(bucket) }, { weight: 1, arbitrary: hostile }),
    key: fc.oneof({ weight: 5, arbitrary: fc.constant("videos/1/目 a+b.mp4") }, { weight: 3, arbitrary: hostile }),
    query: fc.oneof(
      { weight: 5, arbitrary: fc.constant<unknown>(request.query) },
      { weight: 2, arbitrary: parameters },
    ),
    headers: fc
      .array(fc.tuple(headerName, headerValue), { maxLength: 3 })
      .map((pairs) => ({ ...request.headers, ...Object.fromEntries(pairs) })),
  }),
);

test("of any batch, what is signed is what the app has seen: key, parameters and headers, and no others", async () => {
  let signed = 0;
  let forms = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fitting, { minLength: 1, maxLength: 2 }), async (batch) => {
      const { status, seen, signed: answers } = await ask(batch, { allow: everything });

      expect([200, 400, 403]).toContain(status);
      expect(answers).toHaveLength(status === 200 ? batch.length : 0);
      for (const [index, { url, fields }] of answers.entries()) {
        const request = seen[index] as SignableRequest;
        expect(fields !== undefined).toBe(request.action === "PostObject");
        if (fields === undefined) expectSigned(url, request);
        else expectFixed(fields, request);
        forms += fields === undefined ? 0 : 1;
      }
      signed += answers.length;
    }),
    { numRuns: 1000 },
  );
  // A property of nothing would hold, too.
  expect(signed).toBeGreaterThan(50);
  expect(forms).toBeGreaterThan(10);
});
