/** Drives the library in a page: what an app would write, with values going in and coming out that Playwright can carry. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type {
  PendingUpload,
  RequestTrace,
  StsCredentials,
  Upload,
  Uploader,
  UploaderOptions,
  UploadOptions,
  UploadResult,
  UploadState,
} from "../../packages/core/src/index.js";

export const bucket = "user-files";
/** Bound to the bucket, as by a CNAME. */
export const customDomain = "files.localhost";
export const account = { accessKeyId: "e2e-key-id", accessKeySecret: "e2e-key-secret" } as const;

/** What lives in the page under test. */
interface InPage {
  uploader: Uploader;
  uploads: Upload[];
  /** Every state of every upload, in order; progress and errors as values. */
  states: UploadState[][];
  /** The map of parts of every upload while it was last not completed: a completed one has none. */
  maps: number[][];
  traces: RequestTrace[];
  pending: readonly PendingUpload[];
  /** Records the states of an upload from now on. @returns its index */
  watch(upload: Upload): number;
}
declare global {
  interface Window {
    ossicle: InPage;
    /** Bound by `openUploader` for `credentials: "tokens"`. */
    issueToken?: () => Promise<StsCredentials>;
  }
}

/** An `UploadError`, as far as it survives the way out of the page. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly action?: string;
  readonly status?: number;
  readonly serverCode?: string;
  readonly requestId?: string;
  readonly temporary?: boolean;
  readonly resumable?: boolean;
}

export type Outcome = { readonly result: UploadResult } | { readonly error: PlainError };

export interface OpenOptions extends Omit<UploaderOptions, "store" | "workers" | "checkpoints" | "onRequest"> {
  readonly checkpoints?: false;
  /** Default: the account's key. "tokens": a provider that gets a new token, good for an hour, whenever it is asked. */
  readonly credentials?: object | "tokens";
  /** Of an app's server that signs, in place of credentials: it is asked with a bearer token. */
  readonly signer?: string;
  /** Default: the emulator's own, which is an IP address and so path style. */
  readonly endpoint?: string;
  readonly addressing?: "virtual-hosted" | "path" | "cname";
  /** Default: the emulator's `bucket`. */
  readonly bucket?: string;
}

/** Creates `createUploader({...})` in the page, against the emulator. Call it again after every load of the page. */
export async function openUploader(page: Page, emulator: Emulator, options: OpenOptions = {}): Promise<void> {
  const {
    credentials = account,
    endpoint = emulator.endpoint,
    addressing,
    bucket: given,
    signer,
    ...uploaderOptions
  } = options;
  if (credentials === "tokens") await bindTokens(page, emulator);
  const place = { region: emulator.region, bucket: given ?? bucket, endpoint };
  const store = { ...place, credentials, ...(addressing && { addressing }), ...(signer && { signer }) };
  await page.evaluate(
    async ({ store, uploaderOptions }) => {
      const { createUploader, ossStore, signAt } = await import("@ossicle/core");
      const traces: RequestTrace[] = [];
      const credentials = store.credentials === "tokens" ? () => window.issueToken?.() : store.credentials;
      const bearer = () => ({ headers: { authorization: "Bearer of the user" } });
      const signing = store.signer ? { signer: signAt(store.signer, bearer), credentials: undefined } : { credentials };
      const uploader = createUploader({
        ...uploaderOptions,
        store: ossStore({ ...store, ...signing } as Parameters<typeof ossStore>[0]),
        onRequest: (trace) => traces.push(trace),
      });
      const uploads: Upload[] = [];
      const states: UploadState[][] = [];
      const maps: number[][] = [];
      const watch = (upload: Upload) => {
        const known = uploads.indexOf(upload);
        if (known >= 0) return known;
        const seen: UploadState[] = [upload.state];
        const index = uploads.push(upload) - 1;
        upload.subscribe((state) => {
          seen.push(state);
          if (upload.state.phase !== "completed") maps[index] = [...upload.partMap()];
        });
        states.push(seen);
        return index;
      };
      window.ossicle = { uploader, uploads, states, maps, traces, pending: [], watch };
    },
    { store, uploaderOptions },
  );
}

/** A binding outlives the page's loads, and may be made once. */
async function bindTokens(page: Page, emulator: Emulator): Promise<void> {
  if (await page.evaluate(() => window.issueToken !== undefined)) return;
  await page.exposeFunction("issueToken", () => emulator.issueToken({ expiresInMs: 3_600_000 }));
}

/**
 * Where the bytes come from: the n-th file of the page's input (`like`: as a new `File` object with the name, type and date of
 * another one of them), a text as a bare Blob, or the handle of a file in the origin's own file system.
 */
export type Source =
  | { readonly input: number; readonly like?: number }
  | { readonly blob: string }
  | { readonly opfs: string };

/** @returns the index by which the other functions know the upload */
export async function startUpload(page: Page, options: UploadOptions, source: Source = { input: 0 }): Promise<number> {
  return await page.evaluate(
    async ({ options, source }) => {
      const picked = document.querySelector<HTMLInputElement>("input[type=file]")?.files;
      const file =
        "opfs" in source
          ? await (await navigator.storage.getDirectory()).getFileHandle(source.opfs)
          : "blob" in source
            ? new Blob([source.blob])
            : fileOf(picked?.[source.input] as File, picked?.[source.like ?? -1]);
      return window.ossicle.watch(window.ossicle.uploader.upload(file, options));

      function fileOf(file: File, like: File | undefined): File {
        return like === undefined
          ? file
          : new File([file], like.name, { type: like.type, lastModified: like.lastModified });
      }
    },
    { options, source },
  );
}

/** A pending upload's facts, without its verbs. */
export type PlainPending = Omit<PendingUpload, "resume" | "discard">;

/** Asks the uploader what earlier pages left. */
export async function pendingUploads(page: Page): Promise<readonly PlainPending[]> {
  return await page.evaluate(async () => {
    window.ossicle.pending = await window.ossicle.uploader.pending();
    return window.ossicle.pending.map(({ resume: _resume, discard: _discard, ...facts }) => facts);
  });
}

/**
 * Goes on with one that `pendingUploads` has listed.
 * @param source "kept": without handing over a file
 * @returns the index by which the other functions know the upload
 */
export async function resumePending(
  page: Page,
  which = 0,
  source: "kept" | { input: number } = "kept",
  options: Parameters<PendingUpload["resume"]>[1] = {},
): Promise<number> {
  return await page.evaluate(
    async ({ which, source, options }) => {
      const picked = document.querySelector<HTMLInputElement>("input[type=file]")?.files;
      const file = source === "kept" ? undefined : (picked?.[source.input] as File);
      return window.ossicle.watch(await (window.ossicle.pending[which] as PendingUpload).resume(file, options));
    },
    { which, source, options },
  );
}

/** Goes on with all that needs nobody. @returns how many uploads that are, and what the others need */
export async function resumeAll(page: Page): Promise<{ readonly went: number; readonly needs: readonly string[] }> {
  return await page.evaluate(async () => {
    const { uploader, watch } = window.ossicle;
    const rest = await uploader.resumeAll();
    return { went: uploader.uploads.map(watch).length, needs: rest.map(({ needs }) => needs) };
  });
}

/** Gives up one that `pendingUploads` has listed. */
export async function discardPending(page: Page, which = 0): Promise<void> {
  await page.evaluate((which) => (window.ossicle.pending[which] as PendingUpload).discard(), which);
}

export async function finished(page: Page, index = 0): Promise<Outcome> {
  return await page.evaluate(async (index): Promise<Outcome> => {
    const upload = window.ossicle.uploads[index] as Upload;
    try {
      return { result: await upload.finished };
    } catch (error) {
      const { name, message } = error as Error;
      return { error: { ...(error as object), name, message } };
    }
  }, index);
}

/** @throws Error when the upload fails */
export async function resultOf(page: Page, index = 0): Promise<UploadResult> {
  const outcome = await finished(page, index);
  if ("error" in outcome) throw new Error(`The upload failed: ${JSON.stringify(outcome.error)}`);
  return outcome.result;
}

/** The state as it is now. */
export async function stateOf(page: Page, index = 0): Promise<UploadState> {
  return await page.evaluate((index) => (window.ossicle.uploads[index] as Upload).state, index);
}

/** The states that an upload went through, oldest first. */
export async function statesOf(page: Page, index = 0): Promise<readonly UploadState[]> {
  return await page.evaluate((index) => window.ossicle.states[index] ?? [], index);
}

/** One number per part, as `Upload.partMap()` explains them; of a completed upload as they were when all were stored. */
export async function partMapOf(page: Page, index = 0): Promise<readonly number[]> {
  return await page.evaluate((index) => window.ossicle.maps[index] ?? [], index);
}

/** Resolves when so many parts are stored. */
export async function partsStored(page: Page, count: number, index = 0): Promise<void> {
  await page.evaluate(
    ({ count, index }) =>
      new Promise<void>((resolve, reject) => {
        const upload = window.ossicle.uploads[index] as Upload;
        const look = (state: UploadState) => {
          if (state.phase === "failed") reject(state.error);
          if (state.progress.parts.stored < count) return;
          leave();
          resolve();
        };
        const leave = upload.subscribe(look);
        queueMicrotask(() => look(upload.state));
      }),
    { count, index },
  );
}

/** Numbers of the parts whose PUT reached the emulator in full and was stored, in order of arrival, repeats included. */
export function storedParts(emulator: Emulator): number[] {
  return emulator.requests
    .filter((entry) => entry.action === "UploadPart" && entry.status === 200)
    .map((entry) => entry.partNumber ?? 0);
}
