/** What the probe says when CORS, hidden headers or caches keep a page from reading a bucket. Over the emulator. */
import { defaultCorsRules } from "@ossicle/oss-emulator";
import { describe, expect, test } from "vitest";
import type { ObjectStore, ProbeOptions } from "../../../src/store/object-store.js";
import { corsRule } from "../../../src/store/oss/cors-rule.js";
import { account, bucket, bucketForEachTest } from "./emulated.js";
import { checksOf, nobody } from "./probing.js";

const { world } = bucketForEachTest();
const probe = (store: ObjectStore = world.store, options: Partial<ProbeOptions> = {}) => checksOf(store, options);
const remaining = () => [...world.emulator.uploads(bucket), ...world.emulator.objects(bucket)];

describe("where all is well, the probe", () => {
  test("says what it saw", async () => {
    const checks = await probe();

    expect(Object.values(checks).map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok", "ok", "ok"]);
    expect(checks.cors.detail).toContain("POST, PUT, GET, HEAD and DELETE");
    expect(checks["exposed-headers"].detail).toBe(
      "The page can read ETag, x-oss-hash-crc64ecma, x-oss-request-id, Date, x-oss-err and x-oss-ec.",
    );
    expect(checks.permissions.detail).toBe(
      "oss:PutObject, oss:ListParts, oss:GetObject and oss:AbortMultipartUpload are granted.",
    );
    expect(remaining()).toEqual([]);
  });
});

describe("of hidden headers", () => {
  test.each([
    ["ETag", "warning"],
    ["x-oss-hash-crc64ecma", "warning"],
    ["x-oss-request-id", "warning"],
    ["Date", "warning"],
    ["x-oss-err", "warning"],
    ["x-oss-ec", "warning"],
  ])("%s alone is named, a %s, with the whole rule to add", async (header, status) => {
    world.hide(header);

    const { "exposed-headers": exposed } = await probe();

    expect(exposed.status).toBe(status);
    expect(exposed.detail).toMatch(new RegExp(`^The page cannot read ${header} \\([^)]+\\)\\.$`));
    expect(exposed.hint).toContain(corsRule());
  });

  test("ETag and CRC-64 together are a failure, since nothing would prove an object", async () => {
    world.hide("ETag", "x-oss-hash-crc64ecma");

    const { "exposed-headers": exposed } = await probe();

    expect(exposed).toMatchObject({ status: "failed", hint: expect.stringContaining(corsRule()) });
  });

  test("without Date the clock is not judged", async () => {
    world.hide("Date");

    expect((await probe()).clock).toMatchObject({ status: "skipped" });
  });
});

describe("of caches", () => {
  test("one that says so is named, with what has to go past it", async () => {
    const age = { kind: "error", status: 404, code: "NoSuchKey", headers: { Age: "35" } } as const;
    world.emulator.setCors(
      bucket,
      defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: [...(rule.exposeHeaders ?? []), "Age"] })),
    );
    const before = await probe();
    world.emulator.faults.add({ on: "HeadObject", fault: age });

    const { caches } = await probe();

    expect(before.caches).toMatchObject({ status: "ok" });
    expect(caches).toMatchObject({ status: "warning", detail: expect.stringContaining("HeadObject") });
    expect(caches.hint).toContain("uploadId");
  });
});

describe("of refusals that no page can read", () => {
  const refusals = { kind: "without-cors", refusals: true } as const;

  test("a wrong key is named beside CORS, because an unsigned request can be read", async () => {
    world.emulator.faults.add({ on: "any", signed: true, times: "always", fault: refusals });

    const checks = await probe(world.connect({ credentials: { ...account, accessKeySecret: "wrong" } }));

    expect(checks.cors).toMatchObject({ status: "failed", detail: expect.stringContaining("unsigned") });
    expect(checks.cors.hint).toContain("`credentials`");
    expect(checks.clock.status).toBe("ok");
  });

  test("a wrong clock is found, and what comes after it is tried", async () => {
    // HEAD is not among them: it finds no object.
    world.emulator.faults.add({ on: "InitiateMultipartUpload", times: "always", fault: refusals });
    const hourAhead = () => Date.now() + 3_600_000;

    const checks = await probe(world.connect({ credentials: account }, { now: hourAhead }));

    expect(checks.cors.status).toBe("ok");
    expect(checks.clock).toMatchObject({ status: "warning", detail: expect.stringContaining("60 minutes ahead") });
    expect(checks.permissions.status).toBe("ok");
  });
});

describe("of CORS", () => {
  test("an origin that is not allowed gets the rule", async () => {
    world.emulator.setCors(bucket, [
      { ...defaultCorsRules[0], allowedOrigins: ["https://other.example"], allowedMethods: ["PUT"] },
    ]);

    const checks = await probe();

    expect(checks.cors).toMatchObject({ status: "failed", hint: expect.stringContaining(corsRule()) });
    expect(checks.credentials.status).toBe("skipped");
    expect(checks.permissions.status).toBe("skipped");
  });

  test("a page that is offline is told so instead", async () => {
    const { cors } = await probe(world.connect({ credentials: account, endpoint: nobody }), { online: () => false });

    expect(cors).toMatchObject({ status: "failed", detail: expect.stringContaining("offline") });
    expect(cors.hint).not.toContain("AllowedOrigin");
  });

  test("methods that are not listed are named, and what could not be aborted as well", async () => {
    world.emulator.setCors(
      bucket,
      defaultCorsRules.map((rule) => ({ ...rule, allowedMethods: ["PUT", "POST", "HEAD"] })),
    );

    const { cors, permissions } = await probe();

    expect(cors).toMatchObject({ status: "failed", hint: expect.stringContaining("GET, HEAD, DELETE") });
    expect(cors.detail).toContain("POST, PUT and HEAD requests");
    expect(cors.detail).toContain("GET and DELETE never got through");
    expect(permissions.detail).toContain("is still there");
  });
});
