/** The samples of docs/operations.md, run: what reaches OpenTelemetry's exporter and Sentry's transport is looked at. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tracer } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { close, createTransport, init } from "@sentry/browser";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type RequestTrace, UploadError, type Uploader } from "../packages/core/src/index.js";
import { createFakeUploader, fakeFile } from "../packages/core/src/testing/index.js";
import { blocks, nameOf, root } from "./docs/documents.js";

type OnRequest = (trace: RequestTrace) => void;

const stored: RequestTrace = {
  ...{ action: "UploadPart", upload: "u1", partNumber: 3, attempt: 1, bodyBytes: 131_072 },
  ...{ startedAt: 1_800_000_000_000, durationMs: 250, status: 200, requestId: "R1", error: null },
};
const refused: RequestTrace = { ...stored, attempt: 2, status: 0, requestId: null, error: "network" };

let directory: string;
beforeAll(async () => {
  // Where the packages of the samples are found.
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  directory = mkdtempSync(join(root, "node_modules/.cache/docs-operations-"));
  const names = ["upload-reports", "otel-spans", "sentry"];
  for (const code of blocks("docs/operations.md", "ts")) {
    const name = nameOf(code);
    if (name !== undefined) writeFileSync(join(directory, name), code);
  }
  const build = await rolldown({
    input: names.map((name) => join(directory, `${name}.ts`)),
    // The very copies that this test has.
    external: [/^@opentelemetry\//, /^@sentry\//],
  });
  await build.write({ dir: directory, format: "esm", entryFileNames: "[name].mjs" });
  await build.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

async function sample<T>(name: string): Promise<T> {
  return await import(/* @vite-ignore */ pathToFileURL(join(directory, `${name}.mjs`)).href);
}

describe("OpenTelemetry", () => {
  test("gets a span for each request, at its time, with what went wrong", async () => {
    const { otelSpans } = await sample<{ otelSpans(tracer: Tracer): OnRequest }>("otel-spans");
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const onRequest = otelSpans(provider.getTracer("uploads"));

    onRequest(stored);
    onRequest({ ...refused, partNumber: null, action: "ListParts", bodyBytes: 0 });

    const [part, list] = exporter.getFinishedSpans();
    expect(part).toMatchObject({
      name: "OSS UploadPart",
      startTime: [1_800_000_000, 0],
      endTime: [1_800_000_000, 250_000_000],
      status: { code: 0 },
      attributes: {
        "ossicle.part": 3,
        "http.response.status_code": 200,
        "oss.request_id": "R1",
        "ossicle.upload": "u1",
      },
    });
    expect(list).toMatchObject({ status: { code: 2, message: "network" } });
    expect(list?.attributes).toEqual({
      ...{ "rpc.service": "OSS", "rpc.method": "ListParts", "ossicle.upload": "u1", "error.type": "network" },
      ...{ "http.request.resend_count": 1, "http.request.body.size": 0 },
    });
  });
});

describe("Sentry", () => {
  test("gets one issue for each failure, with the requests before it, and none for what goes on", async () => {
    const { sentryBreadcrumbs, sentryFailures } = await sample<{
      sentryBreadcrumbs: OnRequest;
      sentryFailures(uploader: Uploader): () => void;
    }>("sentry");
    const sent: string[] = [];
    const transport = (options: Parameters<typeof createTransport>[0]) =>
      createTransport(options, async ({ body }) => {
        sent.push(String(body));
        return { statusCode: 200 };
      });
    init({ dsn: "https://key@sentry.example/1", defaultIntegrations: false, transport });
    const uploader = createFakeUploader();
    const leave = sentryFailures(uploader);
    const upload = uploader.upload(fakeFile(), { key: "private name.pdf" });

    upload.progress(0.2);
    sentryBreadcrumbs(stored);
    sentryBreadcrumbs(refused);
    upload.fail(
      new UploadError("forbidden", 'The upload of "private name.pdf"', { serverCode: "AccessDenied", status: 403 }),
    );
    uploader.upload(fakeFile(), { key: "other" }).progress(0.5);
    upload.resume();
    upload.fail("network");
    leave();
    uploader.last.fail("server");
    await close();

    const events = sent.map((envelope) => JSON.parse(envelope.split("\n")[2] ?? ""));
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      tags: { "upload.code": "forbidden", "upload.serverCode": "AccessDenied" },
      contexts: { upload: { status: 403 } },
      fingerprint: ["upload", "forbidden", "AccessDenied"],
      breadcrumbs: [
        { category: "oss", message: "UploadPart", level: "info", data: { status_code: 200, partNumber: 3 } },
        { category: "oss", message: "UploadPart: network", level: "warning", data: { attempt: 2 } },
      ],
    });
    expect(events[1].tags["upload.code"]).toBe("network");
  });
});

describe("a report of each upload", () => {
  const clock = () => {
    let now = 0;
    const spied = vi.spyOn(performance, "now").mockImplementation(() => now);
    onTestFinished(() => spied.mockRestore());
    return (seconds: number) => {
      now += seconds * 1000;
    };
  };

  test("says how it ended, what it sent, how long it took, and what it waited for", async () => {
    const { uploadReports } = await sample<{
      uploadReports(uploader: Uploader, report: (report: object) => void): () => void;
    }>("upload-reports");
    const pass = clock();
    const uploader = createFakeUploader();
    const reports: object[] = [];
    const leave = uploadReports(uploader, (report) => reports.push(report));

    const upload = uploader.upload(fakeFile({ size: 1_000 }), { key: "a" });
    await null;
    pass(1);
    upload.wait("credentials");
    pass(2);
    upload.progress(0.5);
    pass(3);
    upload.wait("backoff");
    pass(4);
    upload.fail("network");
    upload.resume();
    pass(5);
    upload.complete({ sentBytes: 1_100 });
    uploader.remove(upload);
    const cancelled = uploader.upload(fakeFile({ size: 7 }), { key: "b" });
    cancelled.cancel();
    leave();
    uploader.upload(fakeFile(), { key: "c" }).complete();

    expect(reports).toEqual([
      {
        ...{ outcome: "network", serverCode: undefined, bytes: 1_000, bytesSent: null, seconds: 10 },
        waited: { credentials: 2, backoff: 4 },
      },
      { outcome: "completed", serverCode: undefined, bytes: 1_000, bytesSent: 1.1, seconds: 5, waited: {} },
      { outcome: "cancelled", serverCode: undefined, bytes: 7, bytesSent: null, seconds: 0, waited: {} },
    ]);
  });
});
