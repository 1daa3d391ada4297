/** The probe of the store in memory. It uses the store's own methods, and finds only missing permissions and hidden headers. */

import type { DiagnosisCheck } from "../../src/api/diagnosis.js";
import { isUploadError } from "../../src/errors.js";
import type { ObjectStore, ProbeOptions } from "../../src/store/object-store.js";
import { MemoryBlob } from "./memory-file.js";

export async function memoryProbe(
  store: ObjectStore,
  key: string,
  options: ProbeOptions,
): Promise<readonly DiagnosisCheck[]> {
  const refused: string[] = [];
  const attempt = async <T>(right: string, call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await call();
    } catch (error) {
      if (!isUploadError(error)) throw error;
      refused.push(right);
      return undefined;
    }
  };
  const upload = { key, id: await store.initiate({ key }, options) };
  const body = new MemoryBlob(new Uint8Array(7));
  const digest = { md5: undefined, crc64: undefined, size: 7 };
  try {
    await attempt("oss:PutObject", () => store.putPart(upload, 1, body, digest, options));
    await attempt("oss:ListParts", () => store.listParts(upload, options));
    await attempt("oss:GetObject", () => store.head(key, options));
  } finally {
    const signal = new AbortController().signal;
    await attempt("oss:AbortMultipartUpload", () => store.abort(upload, { ...options, signal }));
  }
  options.signal.throwIfAborted();
  const granted = { status: "ok", detail: "All are granted." } as const;
  const lacking = { status: "warning", detail: `${refused.join(", ")} refused.` } as const;
  return [
    { name: "credentials", status: "ok", detail: "There are none." },
    { name: "cors", status: "skipped", detail: "There is no network." },
    { name: "exposed-headers", status: "skipped", detail: "There are no headers." },
    { name: "caches", status: "skipped", detail: "There are no headers." },
    { name: "clock", status: "skipped", detail: "There is no clock." },
    { name: "permissions", ...(refused.length === 0 ? granted : lacking) },
  ];
}
