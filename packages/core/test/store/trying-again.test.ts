/** How long and how often a failed request is repeated, and what is reported meanwhile. Law: a layer is a store that wraps a store. */
import { describe, expect, test } from "vitest";
import type { Waiting } from "../../src/api/upload.js";
import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../../src/errors.js";
import type { NetworkStatus } from "../../src/platform/network-status.js";
import type { CallOptions, MultipartUpload, ObjectStore, UploadId } from "../../src/store/object-store.js";
import { persisting, retrying } from "../../src/store/retrying.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";

const upload: MultipartUpload = { key: "k", id: "U" as UploadId };
const policy = { giveUpAfterMs: 600_000, baseDelayMs: 500, maxDelayMs: 30_000 };

class Line implements NetworkStatus {
  #online = true;
  #waiting: (() => void)[] = [];

  online(): boolean {
    return this.#online;
  }

  whenOnline(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  is(online: boolean): void {
    this.#online = online;
    if (online) for (const wake of this.#waiting.splice(0)) wake();
  }
}

/**
 * A store whose `abort` fails with each of `failures` in turn, and then succeeds. @param forever repeats the last failure instead
 * @param lasting milliseconds that an attempt takes
 */
function scene(failures: readonly (UploadError | "success")[], forever = false, lasting = () => 0) {
  const clock = new ManualClock();
  const network = new Line();
  const waits: (Waiting | null)[] = [];
  const attempts: { at: number; attempt: number | undefined; refusals: number | undefined }[] = [];
  const failing: ObjectStore = {
    ...memoryStore(new MemoryServer()),
    abort: async (_upload, options) => {
      const next = failures[Math.min(attempts.length, forever ? failures.length - 1 : Number.POSITIVE_INFINITY)];
      attempts.push({ at: clock.elapsed(), attempt: options.attempt, refusals: options.refusals });
      clock.advance(lasting());
      if (next instanceof UploadError) throw next;
    },
  };
  const store = retrying(failing, persisting(policy, { clock, network, random: () => 0.999 }));
  const controller = new AbortController();
  const call = (options: Partial<CallOptions> = {}) =>
    store.abort(upload, { signal: controller.signal, onWaiting: (waiting) => waits.push(waiting), ...options });

  /** Moves the clock whenever nothing else can happen, until the call has settled. */
  const outcome = async (done: Promise<void>): Promise<unknown> => {
    let settled: { readonly error?: unknown } | undefined;
    done.then(
      () => {
        settled = {};
      },
      (error: unknown) => {
        settled = { error };
      },
    );
    for (let turns = 0; settled === undefined && turns < 50_000; turns += 1) {
      await new Promise(setImmediate);
      if (settled === undefined && network.online()) clock.advanceToNext();
    }
    return settled?.error ?? (settled === undefined ? "pending" : "success");
  };
  return { clock, network, waits, attempts, call, outcome, controller };
}

const failure = (code: UploadErrorCode, details: UploadErrorDetails = {}) =>
  new UploadError(code, code, { status: 500, ...details });

describe("retrying", () => {
  test.each<UploadErrorCode>(["network", "stalled", "throttled", "server"])(
    "%s is tried again until it works",
    async (code) => {
      const { call, outcome, attempts } = scene([...Array<UploadError>(12).fill(failure(code)), "success"]);

      expect(await outcome(call())).toBe("success");
      expect(attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
    },
  );

  test.each<UploadErrorCode>([
    "forbidden",
    "not-found",
    "upload-gone",
    "already-exists",
    "file-unreadable",
    "callback-failed",
    "misconfigured",
    "rejected",
    "worker",
    "invalid-option",
  ])("%s is final at once", async (code) => {
    const { call, outcome, attempts } = scene([failure(code)]);

    expect(await outcome(call())).toMatchObject({ code, attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  test("corrupted is tried three times", async () => {
    const { call, outcome, attempts } = scene([failure("corrupted")], true);

    expect(await outcome(call())).toMatchObject({ code: "corrupted", attempts: 3 });
    expect(attempts).toHaveLength(3);
  });

  test("credentials that the store refused are tried as it says: at once, after a rest, and no more", async () => {
    const refused = (again?: "at once" | "after") =>
      failure("credentials", { status: 403, again, temporary: again !== undefined });
    const { call, outcome, attempts, waits } = scene([refused("at once"), refused("after"), refused()]);

    expect(await outcome(call())).toMatchObject({ code: "credentials", attempts: 3 });
    expect(attempts.map(({ at, refusals }) => [Math.round(at / 0.999), refusals])).toEqual([
      [0, 0],
      [0, 1],
      [1000, 2],
    ]);
    expect(waits).toMatchObject([{ reason: "credentials", untilMs: expect.any(Number) }, null]);
  });

  test("credentials of which the store says that no others will come are final at once", async () => {
    const { call, outcome, attempts } = scene([failure("credentials", { status: 403, temporary: false })], true);

    expect(await outcome(call())).toMatchObject({ code: "credentials", attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  test("credentials that could not be had are waited for, and it is said why", async () => {
    const { call, outcome, waits } = scene([failure("credentials", { status: undefined, temporary: true }), "success"]);

    expect(await outcome(call())).toBe("success");
    expect(waits[0]).toMatchObject({ reason: "credentials" });
  });

  test("delays double up to the greatest, and the service's own wish wins over it", async () => {
    const server = failure("server");
    const { call, outcome, attempts } = scene([
      ...Array<UploadError>(8).fill(server),
      failure("throttled", { retryAfterMs: 45_000 }),
      "success",
    ]);

    await outcome(call());
    const gaps = attempts.slice(1).map(({ at }, index) => Math.round((at - (attempts[index]?.at ?? 0)) / 0.999));

    expect(gaps.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(attempts[9]?.at).toBe((attempts[8]?.at ?? 0) + 45_000);
  });

  test("patience ends after so long without anything stored", async () => {
    const { call, outcome, clock } = scene([failure("network")], true);

    const error = await outcome(call());

    expect(error).toMatchObject({ code: "network" });
    expect(clock.elapsed()).toBeGreaterThanOrEqual(policy.giveUpAfterMs);
    expect(clock.elapsed()).toBeLessThan(policy.giveUpAfterMs + policy.maxDelayMs);
  });

  test("anything stored meanwhile renews patience", async () => {
    const { call, outcome, clock } = scene([...Array<UploadError>(60).fill(failure("network")), "success"]);

    const result = await outcome(call({ lastProgressAt: () => clock.elapsed() }));

    expect(result).toBe("success");
    expect(clock.elapsed()).toBeGreaterThan(policy.giveUpAfterMs);
  });

  test("time offline costs no patience, and the call goes on when the line is back", async () => {
    const { call, network, waits, clock, attempts } = scene([failure("network"), "success"]);
    network.is(false);
    const done = call();
    await new Promise(setImmediate);
    const waitingOffline = [...waits];
    network.is(true);
    await new Promise(setImmediate);
    clock.advanceToNext();
    await done;

    expect(waitingOffline).toMatchObject([{ reason: "offline" }]);
    expect(attempts).toHaveLength(2);
    expect(waits.at(-1)).toBeNull();
  });

  test("a browser that wrongly thinks it is offline does not stop it for ever", async () => {
    const { call, network, clock, attempts } = scene([failure("network"), "success"]);
    network.is(false);
    const done = call();
    for (let turns = 0; turns < 4; turns += 1) {
      await new Promise(setImmediate);
      clock.advanceToNext();
    }
    await done;

    expect(attempts).toHaveLength(2);
    expect(clock.elapsed()).toBeGreaterThanOrEqual(30_000);
  });

  test("an hour of sleep between two attempts is not an hour of trying", async () => {
    const { call, outcome, clock } = scene([...Array<UploadError>(3).fill(failure("network")), "success"]);
    const done = call();
    await new Promise(setImmediate);
    clock.advance(3_600_000);

    expect(await outcome(done)).toBe("success");
  });

  test("an hour of sleep in the middle of an attempt is not an hour of trying", async () => {
    const { call, outcome, clock } = scene([...Array<UploadError>(3).fill(failure("stalled")), "success"], false, () =>
      clock.elapsed() === 0 ? 3_600_000 : 0,
    );

    expect(await outcome(call())).toBe("success");
    expect(clock.elapsed()).toBeGreaterThan(3_600_000);
  });

  test("an abort ends the wait at once with the signal's reason, and leaves no timer", async () => {
    const { call, controller, clock } = scene([failure("network")], true);
    const done = call();
    await new Promise(setImmediate);

    controller.abort("enough");

    await expect(done).rejects.toBe("enough");
    expect(clock.sleepers).toBe(0);
  });
});
