/** What the probe says when keys, clocks, rights or the service fail. Over the emulator. */
import { describe, expect, test } from "vitest";
import type { ObjectStore, ProbeOptions } from "../../../src/store/object-store.js";
import type { OssStoreOptions } from "../../../src/store/oss/oss-options.js";
import type { SendOptions } from "../../../src/workers/byte-workers.js";
import { ManualClock } from "../../doubles/manual-clock.js";
import { memoryWorkers } from "../../doubles/memory-workers.js";
import { ossConnection } from "./connected.js";
import { account, bucket, bucketForEachTest } from "./emulated.js";
import { type Checks, checksOf, key, nobody } from "./probing.js";

const hour = 3_600_000;
const { world } = bucketForEachTest();
const probe = (store: ObjectStore = world.store, options: Partial<ProbeOptions> = {}) => checksOf(store, options);
const remaining = () => [...world.emulator.uploads(bucket), ...world.emulator.objects(bucket)];

describe("of credentials", () => {
  test("a wrong secret is refused twice in the service's words, which hold no secret, and nothing more is asked", async () => {
    const store = world.connect({ credentials: { ...account, accessKeySecret: "wrong" } });

    const checks = await probe(store);

    expect(checks.credentials).toMatchObject({ status: "failed", hint: expect.any(String) });
    expect(checks.credentials.detail).toContain("SignatureDoesNotMatch");
    expect(JSON.stringify(checks)).not.toContain("wrong");
    expect(checks.cors.status).toBe("ok");
    expect(checks.permissions.status).toBe("skipped");
    expect(world.emulator.requests).toHaveLength(2);
  });

  test("an app that rejects is named, and the rest is not known", async () => {
    const store = world.connect({ credentials: () => Promise.reject(new Error("logged out")) });

    const checks = await probe(store);

    expect(checks.credentials).toMatchObject({ status: "failed", detail: expect.stringContaining("`credentials`") });
    expect(checks.cors).toMatchObject({ status: "skipped", detail: "No request was made." });
  });

  test("a token that ended is renewed once, as an upload would", async () => {
    const first = world.emulator.issueToken({ expiresInMs: hour });
    const tokens = [first, world.emulator.issueToken({ expiresInMs: hour })];
    world.emulator.expireTokens({ accessKeyId: first.AccessKeyId });

    const checks = await probe(world.connect({ credentials: async () => tokens.shift() as typeof first }));

    expect(checks.credentials.status).toBe("ok");
    expect(remaining()).toEqual([]);
  });
});

describe("of clocks", () => {
  test.each([
    [hour, "60 minutes behind"],
    [-hour, "60 minutes ahead of"],
    [5 * 60_000, "5 minutes behind"],
  ])("a service that is %s ms off is a warning that says how much, and the rest goes on", async (skew, words) => {
    world.emulator.skewClock(skew);

    const checks = await probe();

    expect(checks.clock).toMatchObject({ status: "warning", detail: expect.stringContaining(words) });
    expect(checks.credentials.status).toBe("ok");
    expect(checks.permissions.status).toBe("ok");
    expect(remaining()).toEqual([]);
  });

  test("an hour is noticed although Date is hidden, by what the refusal says", async () => {
    world.hide("Date");
    world.emulator.skewClock(hour);

    expect((await probe()).clock).toMatchObject({ status: "warning", detail: expect.stringContaining("60 minutes") });
  });

  test("half a minute is nobody's business", async () => {
    world.emulator.skewClock(30_000);

    expect((await probe()).clock.status).toBe("ok");
  });
});

describe("of permissions", () => {
  test("oss:PutObject is required", async () => {
    world.emulator.setPermissions(account.accessKeyId, ["oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"]);

    const checks = await probe();

    expect(checks.permissions).toMatchObject({
      status: "failed",
      hint: expect.stringContaining("Grant oss:PutObject"),
    });
    expect(checks.permissions.hint).toContain("diagnose({ key })");
    expect(checks.credentials.status).toBe("ok");
  });

  test("without oss:AbortMultipartUpload it says what of it stays, and who removes that", async () => {
    await world.forbid("abort");

    const { permissions } = await probe();

    const [upload] = world.emulator.uploads(bucket);
    expect(permissions.status).toBe("warning");
    expect(permissions.detail).toContain(`${JSON.stringify(key)} (${upload?.uploadId}) is still there`);
    expect(permissions.hint).toContain("lifecycle rule");
  });

  test("each of those that are missing is named with what it costs", async () => {
    await world.forbid("list", "head");

    const { permissions } = await probe();

    expect(permissions.detail).toContain("oss:ListParts is not granted: a part");
    expect(permissions.detail).toContain("oss:GetObject is not granted: an upload");
    expect(permissions.hint).toContain("Grant oss:ListParts and oss:GetObject");
    expect(remaining()).toEqual([]);
  });

  test("a bucket that is not there is a failure in the service's words", async () => {
    const checks = await probe(world.connect({ credentials: account, bucket: "nowhere" }, { origin: undefined }));

    expect(checks.permissions).toMatchObject({ status: "failed", detail: expect.stringContaining("NoSuchBucket") });
    expect(checks.permissions.hint).toContain('"nowhere"');
  });
});

describe("of silence", () => {
  /** Probes from a page whose requests are never answered. @returns the checks after twenty seconds of waiting for each request */
  async function unanswered(credentials: OssStoreOptions["credentials"]): Promise<Checks> {
    const clock = new ManualClock();
    const never = ({ signal }: SendOptions) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const options = { region: "cn-hangzhou", bucket, endpoint: nobody, credentials } as OssStoreOptions;
    const store = ossConnection(options).connect({
      workers: { ...memoryWorkers(), send: async (_request, how) => await never(how) },
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      stallTimeoutMs: 30_000,
    });
    const probing = { ended: false };
    const outcome = probe(store).finally(() => {
      probing.ended = true;
    });
    while (!probing.ended) {
      await new Promise(setImmediate);
      if (clock.sleepers > 0) clock.advance(20_000);
    }
    expect(clock.sleepers).toBe(0);
    return await outcome;
  }

  test("a service that never answers is given up after twenty seconds, and named", async () => {
    const { cors, credentials } = await unanswered(account);

    expect(cors).toMatchObject({ status: "failed", hint: expect.stringContaining("endpoint") });
    expect(cors.detail).toBe(`InitiateMultipartUpload of ${JSON.stringify(key)} was not answered within 20 seconds.`);
    expect(credentials.status).toBe("skipped");
  });

  test("an app that never gives its credentials is given up as soon, and named", async () => {
    const { cors, credentials } = await unanswered(() => new Promise(() => undefined));

    expect(credentials).toMatchObject({ status: "failed", hint: expect.stringContaining("`credentials` or `signer`") });
    expect(credentials.detail).toContain("within 20 seconds");
    expect(cors.status).toBe("skipped");
  });
});
