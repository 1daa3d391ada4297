/** An uploader that uploads nothing: what a test says of it is what it has. */
import type { PendingUpload, Upload, Uploader, UploadState } from "@ossicle/core";

export const nothingYet = {
  fraction: 0,
  totalBytes: 10,
  storedBytes: 0,
  sentBytes: 0,
  resumedBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  parts: { total: 0, stored: 0, inFlight: 0 },
};

export class UploadDouble {
  readonly id = crypto.randomUUID();
  readonly file = { name: "film.bin", size: 10, type: "", lastModified: 0 };
  state = { phase: "uploading", progress: nothingYet, waiting: null, resumable: true } as UploadState;

  readonly key: string;
  readonly uploader: UploaderDouble;

  constructor(key: string, uploader: UploaderDouble) {
    this.key = key;
    this.uploader = uploader;
  }

  cancel = async (): Promise<void> => {
    this.state = { phase: "cancelled", progress: nothingYet, waiting: null };
    this.uploader.tell();
  };
}

export class UploaderDouble {
  uploads: UploadDouble[] = [];
  left: PendingUpload[] = [];
  asked: string[] = [];
  failure: Error | undefined;
  readonly #listeners = new Set<() => void>();

  get asUploader(): Uploader {
    return this as unknown as Uploader;
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  add(key: string): Upload {
    const upload = new UploadDouble(key, this);
    this.uploads = [...this.uploads, upload];
    this.tell();
    return upload as unknown as Upload;
  }

  remove = (upload: Upload) => {
    this.uploads = this.uploads.filter((each) => each.id !== upload.id);
    this.tell();
  };

  pending = () => this.#answer("pending");

  resumeAll = () => this.#answer("resumeAll");

  async #answer(question: string): Promise<PendingUpload[]> {
    this.asked.push(question);
    if (this.failure !== undefined) throw this.failure;
    return [...this.left];
  }

  /** One that an earlier page left; it goes when it is resumed or discarded. */
  leave(key: string, more: Partial<PendingUpload> = {}): void {
    const id = `left ${key}`;
    const go = () => {
      this.left = this.left.filter((each) => each.id !== id);
    };
    this.left.push({
      ...{ id, key, file: { name: "film.bin", size: 10, type: "", lastModified: 0 } },
      ...{ storedBytes: 5, fraction: 0.5, createdAt: 1, updatedAt: 1, appData: undefined },
      ...{ needs: "nothing", needsCallback: false, active: false, paused: true },
      resume: async () => {
        go();
        return this.add(key);
      },
      discard: async () => go(),
      ...more,
    });
  }
}

/** What the page has, as far as the kit listens to it. */
export function pageDouble(): { readonly globals: Record<string, unknown>; show(): void; goOnline(): void } {
  const [window, document] = [new EventTarget(), new EventTarget()];
  return {
    globals: {
      document: Object.assign(document, { visibilityState: "visible" }),
      addEventListener: window.addEventListener.bind(window),
    },
    show: () => document.dispatchEvent(new Event("visibilitychange")),
    goOnline: () => window.dispatchEvent(new Event("online")),
  };
}
