/** An uploader that does as it is told, for stories about what the elements make of it. */
import {
  type PickedFile,
  type Progress,
  type Upload,
  UploadError,
  type Uploader,
  type UploadState,
} from "@ossicle/core";

const nothing: Progress = {
  fraction: 0,
  totalBytes: 0,
  storedBytes: 0,
  sentBytes: 0,
  resumedBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  parts: { total: 0, stored: 0, inFlight: 0 },
};

export class UploadDouble {
  state: UploadState;
  readonly id = Math.random().toString(36);
  readonly file: File;
  readonly finished = new Promise<never>(() => {});
  readonly appData = undefined;
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  readonly options: Upload["options"];
  readonly #changed: () => void;

  constructor(source: PickedFile, options: Upload["options"], changed: () => void) {
    this.file = source.file;
    this.options = options;
    this.#changed = changed;
    this.state = { phase: "queued", progress: this.#progress(0), waiting: null, resumable: false };
  }

  get key(): string {
    return this.options.key;
  }

  becomes(state: Partial<UploadState> & { readonly stored?: number }): void {
    const { stored = this.state.progress.storedBytes, ...rest } = state;
    this.state = { waiting: null, progress: this.#progress(stored), ...rest } as UploadState;
    this.#changed();
  }

  goesUp(stored = 0): void {
    this.becomes({ phase: "uploading", resumable: true, stored });
  }

  completes(): void {
    const { size } = this.file;
    const result = { key: this.key, url: "", size, etag: "E", crc64: "1", verified: "crc64" } as never;
    this.becomes({ phase: "completed", result, stored: size });
  }

  isRefused(code: "already-exists" | "forbidden"): void {
    this.becomes({ phase: "failed", error: new UploadError(code, "refused") });
  }

  async pause(): Promise<void> {
    this.asked.push("pause");
    this.becomes({ phase: "paused" });
  }

  resume(): void {
    this.asked.push("resume");
    this.goesUp();
  }

  async cancel(): Promise<void> {
    this.asked.push("cancel");
    this.becomes({ phase: "cancelled" });
  }

  retryNow(): void {
    this.asked.push("retryNow");
  }

  partMap = () => new Uint8Array();
  partStarts = () => new Float64Array();
  subscribe = () => () => {};

  #progress(stored: number): Progress {
    const { size } = this.file;
    const isDone = stored === size && size > 0;
    return { ...nothing, totalBytes: size, storedBytes: stored, fraction: isDone ? 1 : (stored / size) * 0.99 };
  }
}

/** An upload that an earlier page has left; its file has these contents. */
export class PendingDouble {
  readonly needsCallback = false;
  readonly active = false;
  readonly paused = false;
  readonly createdAt = 1;
  readonly storedBytes: number;
  readonly file: File;
  readonly id = Math.random().toString(36);
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  /** What `discard()` is rejected with. */
  refusal: unknown = null;
  readonly key: string;
  readonly needs: "nothing" | "file";
  readonly #uploader: UploaderDouble;

  constructor(uploader: UploaderDouble, key: string, source: PickedFile, needs: "nothing" | "file") {
    this.key = key;
    this.needs = needs;
    this.#uploader = uploader;
    this.file = source.file;
    this.storedBytes = source.file.size / 2;
    uploader.left.push(this);
  }

  async resume(picked?: PickedFile): Promise<UploadDouble> {
    this.asked.push("resume");
    const isOther = picked !== undefined && picked.file.lastModified !== this.file.lastModified;
    if (isOther) throw new UploadError("file-changed", "another file");
    this.#leave();
    const upload = this.#uploader.upload({ file: this.file, path: this.file.name }, { key: this.key });
    upload.goesUp(this.storedBytes);
    return upload;
  }

  async discard(): Promise<void> {
    this.asked.push("discard");
    if (this.refusal !== null) throw this.refusal;
    this.#leave();
  }

  #leave(): void {
    this.#uploader.left = this.#uploader.left.filter((one) => one !== this);
  }
}

export class UploaderDouble {
  uploads: UploadDouble[] = [];
  progress: Progress = nothing;
  readonly #listeners = new Set<() => void>();

  /** In the shape that an app holds. */
  get asUploader(): Uploader {
    return this as unknown as Uploader;
  }

  upload(source: PickedFile, options: Upload["options"]): UploadDouble {
    const upload = new UploadDouble(source, options, () => this.tell());
    this.uploads = [...this.uploads, upload];
    this.tell();
    return upload;
  }

  remove(upload: UploadDouble): void {
    this.uploads = this.uploads.filter((one) => one !== upload);
    this.tell();
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What earlier pages have left. */
  left: PendingDouble[] = [];
  pending = async () => this.left;
  resumeAll = async () => {
    for (const one of this.left) if (one.needs === "nothing") await one.resume();
    return this.left;
  };
  urlOf = (key: string) => `https://bucket.example/${key}`;
}
