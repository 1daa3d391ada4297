import { expect, test } from "vitest";
import { bugReport } from "./bug-report.js";
import type { LoggedRequest } from "./request-log.js";

const request: LoggedRequest = {
  number: 1,
  name: 'my\t"film".mp4',
  upload: "a",
  action: "UploadPart",
  partNumber: 7,
  attempt: 2,
  bodyBytes: 8_388_608,
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  durationMs: 123.4,
  status: 503,
  requestId: "65A0C1",
  error: "throttled",
};
const facts = { place: "https://oss-cn-hangzhou.aliyuncs.com/user-files", browser: "Browser/1", now: 0 };

test("a bug report has a line for each request, with what support will ask for", () => {
  const lines = bugReport([request, { ...request, status: 0, error: null, requestId: null }], facts).split("\n");

  expect(lines[1]).toBe("store: https://oss-cn-hangzhou.aliyuncs.com/user-files");
  expect(lines[6]).toBe('03:04:05.678\tUploadPart\t7\t2\t8388608\t123\t503\tthrottled\t65A0C1\t"my\\t\\"film\\".mp4"');
  expect(lines[7]).toContain("\t0\tstopped\t-\t");
});

test("a bug report has nothing of a request but what its columns name", () => {
  const careless = { ...request, url: "https://x?x-oss-signature=abc", authorization: "OSS4-HMAC-SHA256 Credential=k" };

  const text = bugReport([careless], { ...facts, place: "https://key:secret@host/bucket?x-oss-signature=abc#frag" });

  expect(text).not.toMatch(/signature|Credential|secret|key:|\?|#/);
  expect(text).toContain("store: https://host/bucket\n");
});
