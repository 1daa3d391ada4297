/** Hostile texts in options and answers: each stays where it was put, and never becomes a header, a parameter or another key. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Accounts } from "../../../../oss-emulator/src/auth/accounts.js";
import { verify } from "../../../../oss-emulator/src/auth/verify.js";
import { parseTarget } from "../../../../oss-emulator/src/http/target.js";
import { isUploadError } from "../../../src/errors.js";
import type { BucketRequest } from "../../../src/store/bucket/bucket-request.js";
import { hasControlCharacter } from "../../../src/store/bucket/header-values.js";
import type { MultipartUpload, ObjectTarget, UploadId } from "../../../src/store/object-store.js";
import { ossPlace } from "../../../src/store/oss/addressing.js";
import type { RequestToSign } from "../../../src/store/oss/canonical.js";
import { checkTarget } from "../../../src/store/oss/check-target.js";
import { decodeMetadata } from "../../../src/store/oss/encoded-headers.js";
import {
  completeRequest,
  initiateRequest,
  putObjectRequest,
  putPartRequest,
} from "../../../src/store/oss/oss-requests.js";
import { presignV1, signV1 } from "../../../src/store/oss/sign-v1.js";
import { presignV4, signV4 } from "../../../src/store/oss/sign-v4.js";
import { hostile, uncontrolled } from "./hostile.js";

const bucket = "user-files";
const region = "cn-hangzhou";
const keys = { accessKeyId: "id", accessKeySecret: "secret" };
const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const names = { isBucket: (name: string) => name === bucket, bucketOfDomain: () => undefined };
const verifier = { accounts: new Accounts([keys], "SecurityTokenExpired", () => now), region, now: () => now };

const record = (name: fc.Arbitrary<string>, maxLength: number, value = uncontrolled) =>
  fc
    .uniqueArray(fc.tuple(name, value), { maxLength, selector: ([name]) => name.toLowerCase() })
    .map((entries): Record<string, string> => Object.fromEntries(entries));
const metadataName = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
/** XML can hold C1, and metadata cannot. */
const metadataValue = uncontrolled.filter((text) => !hasControlCharacter(text));

function isAccepted(target: ObjectTarget): boolean {
  try {
    checkTarget(target);
    return true;
  } catch (error) {
    if (isUploadError(error) && error.code === "invalid-option") return false;
    throw error;
  }
}

const acceptedKey = hostile.filter((key) => isAccepted({ key }));

/** Sends the request as a browser does: through its URL parser, which must change nothing. */
function seenByService(url: string) {
  const { host, pathname, search } = new URL(url);
  return parseTarget(`${pathname}${search}`, host, names);
}

describe.each(["path", "virtual-hosted"] as const)("in a URL with %s addressing", (addressing) => {
  const place = ossPlace({ region, bucket, endpoint: "http://localhost:9000", addressing });

  test("a key and the parameters are what they were, and no others", () => {
    const query = fc.uniqueArray(fc.tuple(hostile.filter(Boolean), hostile), { selector: ([name]) => name });

    fc.assert(
      fc.property(acceptedKey, query, (key, parameters) => {
        const target = seenByService(place.urlOf(key, Object.fromEntries(parameters)));

        expect(target).toMatchObject({ bucket, key });
        expect(new Map(target.query.pairs)).toEqual(new Map(parameters));
        expect(target.query.pairs).toHaveLength(parameters.length);
      }),
    );
  });
});

describe("a signature is of what was asked, whatever the key, the parameters and the headers are", () => {
  const place = ossPlace({ region, bucket, endpoint: "http://localhost:9000", addressing: "path" });
  const value = uncontrolled.map((text) => encodeURIComponent(text));
  const asked = fc.record({
    key: acceptedKey,
    uploadId: hostile.filter((text) => !hasControlCharacter(text)),
    meta: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), value, { maxKeys: 4 }),
  });
  type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;
  const requestOf = ({ key, uploadId, meta }: Asked) => ({
    method: "PUT" as const,
    bucket,
    key,
    query: { uploadId, partNumber: "1" },
    headers: Object.fromEntries(Object.entries(meta).map(([name, text]) => [`x-oss-meta-${name}`, text])),
  });
  const signers = {
    "V4 in a header": async (request: ReturnType<typeof requestOf>) => ({
      headers: await signV4(request, keys, { region }, now),
      query: request.query,
    }),
    "V4 in the URL": async (request: ReturnType<typeof requestOf>) => ({
      headers: request.headers,
      query: await presignV4(request, keys, { region }, now, 900),
    }),
    "V1 in a header": async (request: ReturnType<typeof requestOf>) => ({
      headers: await signV1(request, keys, now),
      query: request.query,
    }),
  };

  test.each(Object.entries(signers))("%s", async (_, sign) => {
    await fc.assert(
      fc.asyncProperty(asked, async (given) => {
        const request = requestOf(given);

        const { headers, query } = await sign(request);

        const seen = seenByService(place.urlOf(request.key, query));
        const { method } = request;
        const signed = { method, bucket: seen.bucket, key: seen.key, query: seen.query.pairs, headers };
        expect(verify(signed, verifier)?.accessKeyId).toBe("id");
      }),
    );
  });
});

describe("nothing is signed that could end its line or its name", () => {
  const plain = { method: "PUT" as const, bucket, key: "a", query: {}, headers: {} };
  const control = fc.constantFrom("\n", "\r", "\0", "\t", "\u007f", "\u0085");
  const broken = fc.tuple(fc.string(), control, fc.string()).map((pieces) => pieces.join(""));
  // Blanks at the ends are trimmed before signing, because HTTP drops them.
  const inside = fc.tuple(control).map(([char]) => `a${char}b`);
  const request = fc.oneof(
    broken.map((key) => ({ ...plain, key })),
    broken.map((uploadId) => ({ ...plain, query: { uploadId } })),
    broken.map((name) => ({ ...plain, query: { [name]: "1" } })),
    inside.map((value) => ({ ...plain, headers: { "content-type": value } })),
    inside.map((value) => ({ ...plain, headers: { "x-oss-meta-a": value } })),
    fc.constantFrom("\n", ":", ";", " ", "").map((end) => ({ ...plain, headers: { [end]: "1" } })),
    broken.map((name) => ({ ...plain, headers: { [`x-oss-${name}`]: "1" } })),
    fc.constant({ ...plain, headers: { "x-oss-meta-a": "1", "X-Oss-Meta-A": "2" } }),
  );

  test.each<[string, (given: RequestToSign) => Promise<unknown>]>([
    ["V4 in a header", async (given) => await signV4(given, keys, { region }, now)],
    ["V4 in the URL", async (given) => await presignV4(given, keys, { region }, now, 900)],
    ["V1 in a header", async (given) => await signV1(given, keys, now)],
    ["V1 in the URL", async (given) => await presignV1(given, keys, now / 1000)],
  ])("%s", async (_, sign) => {
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        await expect(sign(given as RequestToSign)).rejects.toMatchObject({ code: "rejected" });
      }),
    );
  });
});

describe("in headers", () => {
  const text = fc.oneof(hostile, fc.stringMatching(/^[!-~]{1,10}$/));
  // One hostile option at a time: with several, nearly every target is refused for one of them.
  const option = fc.oneof(
    ...["contentType", "cacheControl", "contentDisposition", "contentEncoding", "acl", "storageClass", "ifExists"].map(
      (name) => text.map((value) => ({ [name]: value })),
    ),
    fc.dictionary(text, hostile, { maxKeys: 3 }).map((metadata) => ({ metadata })),
    fc.dictionary(hostile, hostile, { maxKeys: 3 }).map((tags) => ({ tags })),
    text.map((kmsKeyId) => ({ encryption: { algorithm: "KMS", kmsKeyId } })),
    text.map((algorithm) => ({ encryption: { algorithm } })),
    fc.record({ url: fc.oneof(hostile, fc.webUrl()), body: hostile, host: hostile }).map((callback) => ({ callback })),
  );
  const anyTarget = fc.tuple(acceptedKey, option).map(([key, given]) => ({ key, ...given }) as ObjectTarget);
  const body = new Blob(["abc"]);
  const digest = { md5: new Uint8Array(16), crc64: 0n, size: 3 };
  const requestsFor = (target: ObjectTarget): readonly BucketRequest[] => {
    const upload: MultipartUpload = { key: target.key, id: "U" as UploadId };
    return [
      putObjectRequest(target, body, digest),
      initiateRequest(target),
      putPartRequest(upload, 1, body, digest),
      completeRequest(upload, [], target),
    ];
  };

  test("what is not refused has no end of a line in it, and no byte that HTTP could mangle", () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        fc.pre(isAccepted(target));
        for (const [name, value] of requestsFor(target).flatMap(({ headers }) => Object.entries(headers))) {
          expect(name).toMatch(/^[a-z0-9!#$%&'*+.^_`|~-]+$/);
          expect(value).toMatch(/^[ -~]*$/);
        }
      }),
    );
  });

  test("metadata becomes headers of metadata alone, which give the values back", () => {
    fc.assert(
      fc.property(record(metadataName, 5, metadataValue), (metadata) => {
        const target = { key: "a", metadata };
        checkTarget(target);

        for (const { headers } of [putObjectRequest(target, body, digest), initiateRequest(target)]) {
          const { "content-type": _type, "content-md5": _md5, ...rest } = headers;
          expect(Object.keys(rest).sort()).toEqual(
            Object.keys(metadata)
              .map((name) => `x-oss-meta-${name.toLowerCase()}`)
              .sort(),
          );
          for (const [name, value] of Object.entries(metadata)) {
            const sent = rest[`x-oss-meta-${name.toLowerCase()}`] ?? "";
            expect(decodeMetadata(sent)).toBe(value);
          }
        }
      }),
    );
  });

  test("tags are a query string of these tags alone", () => {
    fc.assert(
      fc.property(record(uncontrolled.filter(Boolean), 10), (tags) => {
        const target = { key: "a", tags };
        fc.pre(isAccepted(target));

        const { "x-oss-tagging": sent = "" } = initiateRequest(target).headers;

        expect(new Map(new URLSearchParams(sent))).toEqual(new Map(Object.entries(tags)));
      }),
    );
  });

  test("a callback is JSON of this callback alone", () => {
    fc.assert(
      fc.property(
        hostile.filter(Boolean),
        hostile,
        record(fc.stringMatching(/^[a-z0-9_-]{1,8}$/), 4),
        (body, host, variables) => {
          const target = { key: "a", callback: { url: "https://app.example/done", body, host, variables } };
          checkTarget(target);

          const { headers } = completeRequest({ key: "a", id: "U" as UploadId }, [], target);

          const json = (header: string): unknown =>
            JSON.parse(Buffer.from(headers[header] ?? "e30=", "base64").toString("utf8"));
          expect(json("x-oss-callback")).toEqual({
            callbackUrl: "https://app.example/done",
            callbackBody: body,
            callbackHost: host,
          });
          expect(json("x-oss-callback-var")).toEqual(
            Object.fromEntries(Object.entries(variables).map(([name, value]) => [`x:${name}`, value])),
          );
        },
      ),
    );
  });
});
