/** Tries what the library needs of the browser. */

import type { DiagnosisCheck } from "../api/diagnosis.js";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import { isUploadError, type UploadError } from "../errors.js";
import type { Locks } from "../platform/locks.js";
import type { ByteWorkers } from "../workers/byte-workers.js";

export type Finding = Omit<DiagnosisCheck, "name">;

/** A text and its CRC-64/XZ. */
const knownText = "ossicle";
const knownCrc64 = 8296105045581882359n;

export async function checkWorker(workers: ByteWorkers, signal: AbortSignal): Promise<Finding> {
  try {
    const { crc64 } = await workers.digest(new Blob([knownText]), { md5: true, crc64: true }, { signal });
    if (crc64 === knownCrc64) return { status: "ok", detail: "A worker started and hashed as it should." };
    const detail = `A worker answered that the CRC-64 of "${knownText}" is ${crc64}, which is wrong.`;
    return { status: "failed", detail, hint: "Is the worker's file of the same version as the page's?" };
  } catch (error) {
    if (!isUploadError(error)) return { status: "failed", detail: `A worker failed: ${String(error)}.` };
    return { status: "failed", detail: `${error.message}.`, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** The smallest WebAssembly module: magic number and version. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

export async function checkWasm(): Promise<Finding> {
  try {
    await WebAssembly.compile(emptyModule);
    return { status: "ok", detail: "WebAssembly may be compiled." };
  } catch (cause) {
    return {
      status: "warning",
      detail: `WebAssembly may not be compiled, so hashing is several times slower: ${String(cause)}.`,
      hint: "Add 'wasm-unsafe-eval' to script-src in the Content-Security-Policy of the page and of the worker's file.",
    };
  }
}

/** @param checkpoints the database itself, without the layer that hides its failures; undefined if the app keeps checkpoints in memory */
export async function checkCheckpoints(checkpoints: CheckpointStore | undefined): Promise<Finding> {
  if (checkpoints === undefined) return { status: "skipped", detail: "checkpoints: false keeps them in memory." };
  const id = `ossicle-diagnose-${Math.random().toString(36).slice(2)}`;
  const problem = await tryRecords(checkpoints, id);
  if (problem === undefined) return { status: "ok", detail: "Records were written, read and removed." };
  return {
    status: "failed",
    detail: problem,
    hint: "Uploads work, but not after a reload. Is this a private window, is site data blocked, the disk full, or an old tab still open?",
  };
}

async function tryRecords(checkpoints: CheckpointStore, id: string): Promise<string | undefined> {
  let act = "written";
  try {
    await checkpoints.begin(id, { probe: id });
    await checkpoints.addPart(id, 1, { probe: 1 });
    act = "read";
    const saved = await checkpoints.load(id);
    const isSame = JSON.stringify(saved) === JSON.stringify({ head: { probe: id }, parts: [{ probe: 1 }] });
    act = "removed";
    await checkpoints.remove(id);
    return isSame ? undefined : "A record was not read as it was written.";
  } catch (cause) {
    // Remove what was written: a database that fails at one operation may still do another.
    await checkpoints.remove(id).catch(() => undefined);
    return `A record could not be ${act}: ${String(cause)}.`;
  }
}

/** @param insecure why the page may not upload at all */
export async function checkLocks(locks: Locks, insecure: UploadError | undefined): Promise<Finding> {
  if (insecure !== undefined) {
    return { status: "failed", detail: `${insecure.message}.`, ...(insecure.hint && { hint: insecure.hint }) };
  }
  const name = `ossicle:diagnose-${Math.random().toString(36).slice(2)}`;
  try {
    const held = await locks.holdIfFree(name, async () => (await locks.held()).has(name));
    if (held?.value === true) return { status: "ok", detail: "A Web Lock was taken and released." };
    return { status: "failed", detail: "A Web Lock was requested, but not granted.", hint: tooOld };
  } catch (cause) {
    return { status: "failed", detail: `A Web Lock could not be taken: ${String(cause)}.`, hint: tooOld };
  }
}

const tooOld = "Every browser since 2022 has Web Locks; without them no upload runs.";

export function checkFileHandles(): Finding {
  if ("showOpenFilePicker" in globalThis) return { status: "ok", detail: "The browser keeps file handles." };
  return {
    status: "warning",
    detail: "The browser keeps no file handles: after a reload an upload goes on when the user picks the file again.",
    hint: 'Chromium keeps them. In other browsers ask the user for the file of each pending() entry with needs: "file".',
  };
}

/** @param blind the browser told nothing of a body that was sent; undefined if none could be sent */
export function checkServiceWorker(controlled: boolean, blind: boolean | undefined): Finding {
  if (blind) {
    return {
      status: "warning",
      detail:
        "The browser does not tell how much of a body is sent, as behind a service worker that passes requests on.",
      hint: 'Let the service worker leave uploads alone: begin its fetch listener with `if (event.request.method !== "GET") return;`.',
    };
  }
  if (!controlled) return { status: "ok", detail: "This page has no service worker." };
  if (blind === undefined)
    return { status: "skipped", detail: "No body could be sent to see what the service worker does." };
  return { status: "ok", detail: "The service worker of this page leaves uploads alone." };
}

/** @param problem why uploads end with the page, as half a sentence; undefined if they go on after it */
export async function checkAfterPage(problem: () => Promise<string | undefined>): Promise<Finding> {
  const why = await problem();
  if (why === undefined) return { status: "ok", detail: "Uploads go on after the page, for five minutes at most." };
  return { status: "skipped", detail: `Uploads end with the page: ${why}.` };
}
