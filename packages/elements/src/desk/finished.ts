/**
 * What earlier pages have finished, so that the list still shows it after a reload: names, keys and proofs, no content and no secret. It
 * lies in `localStorage`, by bucket and scope.
 */
import type { Upload, UploadResult, UploadState } from "@ossicle/core";

export interface Finished {
  readonly name: string;
  readonly key: string;
  readonly url: string;
  readonly size: number;
  readonly etag: string;
  readonly crc64: string | null;
  readonly verified: UploadResult["verified"];
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly finishedAt: number;
}

export interface FinishedFiles {
  /** In the order in which they were begun. Anything that cannot be read is left out. */
  all(): readonly Finished[];
  /** Adds one, in place of another of its key. The oldest go beyond `most`. */
  add(one: Finished): void;
  removeAll(): void;
}

/**
 * @param place names bucket and scope. Asked each time: the app may say later whose files they are
 * @param most how many are kept; 0 keeps none, and lists none
 */
export function createFinishedFiles(storage: Storage | null, place: () => string, most: () => number): FinishedFiles {
  const item = () => `ossicle-finished ${place()}`;

  function all(): readonly Finished[] {
    if (most() === 0) return [];
    try {
      const kept: unknown = JSON.parse(storage?.getItem(item()) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isFinished) : [];
    } catch {
      return [];
    }
  }

  function removeAll(): void {
    try {
      storage?.removeItem(item());
    } catch {
      // A storage that is switched off has kept nothing.
    }
  }

  return {
    all,
    removeAll,
    add(one) {
      if (most() === 0) return;
      // Another tab may have added some meanwhile: read what is there now.
      const others = all().filter(({ key }) => key !== one.key);
      const kept = [...others, one].sort((a, b) => a.begunAt - b.begunAt).slice(-most());
      try {
        storage?.setItem(item(), JSON.stringify(kept));
      } catch {
        // Full, or switched off: the list of the next page begins without it.
      }
    },
  };
}

function isFinished(one: unknown): one is Finished {
  const { name, key, url, size, etag, begunAt, finishedAt } = (one ?? {}) as Record<string, unknown>;
  const texts = [name, key, url, etag].every((value) => typeof value === "string");
  return texts && [size, begunAt, finishedAt].every((value) => typeof value === "number");
}

/** A finished upload of an earlier page in the shape of an upload, so that a list shows both alike. It does nothing. */
export function asUpload({ name, key, size, finishedAt, begunAt: _, ...proof }: Finished): Upload {
  const result: UploadResult = {
    bucket: "",
    key,
    size,
    versionId: null,
    requestId: null,
    callback: null,
    alreadyStored: false,
    resumedBytes: 0,
    sentBytes: 0,
    ...proof,
  };
  const progress = {
    fraction: 1,
    totalBytes: size,
    storedBytes: size,
    sentBytes: size,
    resumedBytes: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    parts: { total: 0, stored: 0, inFlight: 0 },
  };
  const state: UploadState = { phase: "completed", progress, waiting: null, result };
  return {
    id: `kept ${key}`,
    key,
    file: { name, size, type: "", lastModified: finishedAt },
    state,
    options: { key },
    appData: undefined,
    finished: Promise.resolve(result),
    subscribe: () => () => {},
    pause: async () => {},
    resume() {},
    retryNow() {},
    cancel: async () => {},
    partMap: () => new Uint8Array(),
    partStarts: () => new Float64Array(),
  };
}
