import type { RequestTrace } from "@ossicle/core";
import { describe, expect, test } from "vitest";
import { createRequestLog, matches } from "./request-log.js";

const trace: RequestTrace = {
  upload: "a",
  action: "UploadPart",
  partNumber: 1,
  attempt: 1,
  bodyBytes: 10,
  startedAt: 0,
  durationMs: 5,
  status: 200,
  requestId: "R1",
  error: null,
};
const everything = { upload: null, failedOnly: false };

describe("the log of requests", () => {
  test("keeps the last ones, and counts those it forgot", () => {
    const log = createRequestLog(3);

    for (let turn = 0; turn < 100; turn += 1) log.add({ ...trace, partNumber: turn }, "film.mp4");

    expect(log.matching(everything).map(({ partNumber }) => partNumber)).toEqual([97, 98, 99]);
    expect(log.matching(everything).map(({ number }) => number)).toEqual([98, 99, 100]);
    expect(log.totals).toEqual({ requests: 100, failed: 0, bytes: 1000 });
  });

  test("finds those of one upload, and those that failed", () => {
    const log = createRequestLog(10);
    log.add(trace, "a.mp4");
    log.add({ ...trace, upload: "b", status: 503, error: "throttled" }, "b.mp4");
    log.add({ ...trace, upload: "", action: "HeadObject" }, "");

    const numbers = (upload: string | null, failedOnly = false) =>
      log.matching({ upload, failedOnly }).map(({ number }) => number);

    expect(numbers("a")).toEqual([1]);
    expect(numbers("b")).toEqual([2]);
    expect(numbers("")).toEqual([3]);
    expect(numbers(null, true)).toEqual([2]);
    expect(numbers("a", true)).toEqual([]);
    expect([...log.uploads()]).toEqual([
      ["a", "a.mp4"],
      ["b", "b.mp4"],
      ["", ""],
    ]);
  });

  test("does not call a request failed that was only stopped", () => {
    const stopped = { ...trace, status: 0, requestId: null, number: 1, name: "" };

    expect(matches(stopped, { upload: null, failedOnly: true })).toBe(false);
  });

  test("begins anew when it is cleared", () => {
    const log = createRequestLog(3);
    log.add(trace, "a.mp4");

    log.clear();
    log.add(trace, "a.mp4");

    expect(log.totals.requests).toBe(1);
    expect(log.matching(everything)).toHaveLength(1);
  });
});
