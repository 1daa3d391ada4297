/** Drives the library in a page: what an app would write, with values going in and coming out that Playwright can carry. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type {
  PendingUpload,
  RequestTrace,
  Upload,
  Uploader,
  UploaderOptions,
  UploadOptions,
  UploadResult,
  UploadState,
} from "../../packages/core/src/index.js";

export const bucket = "user-files";
export const account = { accessKeyId: "e2e-key-id", accessKeySecret: "e2e-key-secret" } as const;

/** What lives in the page under test. */
interface InPage {
  uploader: Uploader;
  uploads: Upload[];
  /** Every state of every upload, in order; progress and errors as values. */
  states: UploadState[][];
  traces: RequestTrace[];
  pending: readonly PendingUpload[];
}
declare global {
  interface Window {
    ossicle: InPage;
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
  /** Default: the account's key. */
  readonly credentials?: object;
}

/** Creates `createUploader({...})` in the page, against the emulator. Call it again after every load of the page. */
export async function openUploader(page: Page, emulator: Emulator, options: OpenOptions = {}): Promise<void> {
  const { credentials = account, ...uploaderOptions } = options;
  const store = { region: emulator.region, bucket, endpoint: emulator.endpoint, credentials };
  await page.evaluate(
    async ({ store, uploaderOptions }) => {
      const { createUploader, ossStore } = await import("@ossicle/core");
      const traces: RequestTrace[] = [];
      const uploader = createUploader({
        ...uploaderOptions,
        store: ossStore(store as unknown as Parameters<typeof ossStore>[0]),
        onRequest: (trace) => traces.push(trace),
      });
      window.ossicle = { uploader, uploads: [], states: [], traces, pending: [] };
    },
    { store, uploaderOptions },
  );
}

/** Where the bytes come from: the n-th file of the page's input, or a text as a bare Blob. */
export type Source = { readonly input: number } | { readonly blob: string };

/** @returns the index by which the other functions know the upload */
export async function startUpload(page: Page, options: UploadOptions, source: Source = { input: 0 }): Promise<number> {
  return await page.evaluate(
    ({ options, source }) => {
      const file =
        "blob" in source
          ? new Blob([source.blob])
          : (document.querySelector<HTMLInputElement>("input[type=file]")?.files?.[source.input] as File);
      const upload = window.ossicle.uploader.upload(file, options);
      const known = window.ossicle.uploads.indexOf(upload);
      if (known >= 0) return known;
      const states: UploadState[] = [upload.state];
      upload.subscribe((state) => states.push(state));
      window.ossicle.states.push(states);
      return window.ossicle.uploads.push(upload) - 1;
    },
    { options, source },
  );
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
