/** See `ObjectStore.probe`: in memory, only rights can be missing. */
import type { DiagnosisCheck, ObjectStore, ProbeOptions } from "../../src/index.js";
import type { Right } from "./s3-service.js";

export async function probe(
  store: ObjectStore,
  key: string,
  options: ProbeOptions,
): Promise<readonly DiagnosisCheck[]> {
  const missing: string[] = [];
  const attempt = async <T>(right: Right, asking: () => Promise<T>) => {
    await asking().catch((error) => (options.signal.aborted ? undefined : missing.push(error.action ?? right)));
  };
  options.signal.throwIfAborted();
  const upload = { key, id: await store.initiate({ key }, options) };
  const body = new Blob(["ossicle"]);
  const digest = { size: body.size, md5: undefined, crc64: undefined };
  await store.putPart(upload, 1, body, digest, options).catch(() => undefined);
  await attempt("list", () => store.listParts(upload, options));
  await attempt("head", () => store.head(key, options));
  await attempt("abort", () => store.abort(upload, { ...options, signal: new AbortController().signal }));
  options.signal.throwIfAborted();
  const status = missing.length === 0 ? "ok" : "warning";
  return [
    { name: "credentials", status: "ok", detail: "There are none." },
    { name: "cors", status: "skipped", detail: "There is no network." },
    { name: "exposed-headers", status: "skipped", detail: "There are no headers." },
    { name: "caches", status: "skipped", detail: "There are no caches." },
    { name: "clock", status: "skipped", detail: "There is no clock." },
    { name: "permissions", status, detail: `Missing: ${missing.join(", ")}.` },
  ];
}
