/** `createFakeUploader()`: the list, the states and the checks are those of the real uploader; what moves the uploads is the test. */
import type { Diagnosis } from "../api/diagnosis.js";
import type { FakePendingUpload, FakeUploader, FakeUploaderOptions } from "../api/testing.js";
import type { Progress, UploadOptions, UploadSource } from "../api/upload.js";
import type { PendingUpload } from "../api/uploader.js";
import { checkUploadOptions } from "../check-upload-options.js";
import { resumesAll } from "../run/checkpoints/resume-all.js";
import { ossPlace } from "../store/oss/addressing.js";
import { checkTarget } from "../store/oss/check-target.js";
import { uploaderClosed } from "../upload/closed.js";
import { Memory } from "../upload/memory.js";
import { Outbox } from "../upload/outbox.js";
import { checkSource } from "../upload/source.js";
import { UploadList } from "../upload/upload-list.js";
import { PendingOfTest } from "./pending-of-test.js";
import { UploadOfTest } from "./upload-of-test.js";

/**
 * An uploader for tests of an app: jsdom, Storybook, component tests. Give it to the app in place of `createUploader()`, and move its
 * uploads with the verbs of `FakeUpload`.
 *
 * @param options where its objects would be. Default: the bucket "fake-bucket" in "cn-hangzhou"
 * @example
 * const uploader = createFakeUploader();
 * render(<Uploads uploader={uploader} />);
 * uploader.upload(fakeFile({ name: "film.mp4" }), { key: "film.mp4" }).progress(0.4);
 * expect(screen.getByText("40 %")).toBeVisible();
 * @throws UploadError "invalid-option" for a region, bucket or endpoint that can never work
 */
export function createFakeUploader<AppData = unknown>(options: FakeUploaderOptions = {}): FakeUploader<AppData> {
  return new UploaderOfTest(options) as FakeUploader<unknown> as FakeUploader<AppData>;
}

/** As many as the real uploader keeps without being told. */
const keepSettled = 1_000;

class UploaderOfTest implements FakeUploader {
  readonly #place: ReturnType<typeof ossPlace>;
  readonly #bucket: string;
  readonly #diagnosis: Diagnosis;
  // No clock: what a test says of speed is shown as it is.
  readonly #list = new UploadList<UploadOfTest>(keepSettled, () => 0);
  readonly #listeners = new Outbox<true>();
  readonly #pending = new Set<PendingOfTest>();
  readonly #resumeAll = resumesAll<void>(async () => this.#offered());
  #begun = 0;
  #left = 0;
  #isClosed = false;
  #isUntold = false;

  constructor(options: FakeUploaderOptions) {
    const { region = "cn-hangzhou", bucket = "fake-bucket", endpoint, addressing, diagnosis } = options;
    this.#place = ossPlace({ region, bucket, endpoint, addressing });
    this.#bucket = bucket;
    this.#diagnosis = diagnosis ?? { ok: true, checks: [] };
  }

  get uploads(): UploadOfTest[] {
    return this.#list.snapshot as UploadOfTest[];
  }

  get last(): UploadOfTest {
    const last = this.uploads.at(-1);
    if (last === undefined) throw new Error("The fake uploader has no upload: nobody has called upload() yet");
    return last;
  }

  get progress(): Progress {
    const total = this.#list.progress;
    const bytesPerSecond = this.uploads.reduce((sum, { state }) => sum + state.progress.bytesPerSecond, 0);
    const secondsLeft = bytesPerSecond > 0 ? (total.totalBytes - total.storedBytes) / bytesPerSecond : null;
    return { ...total, bytesPerSecond, secondsLeft };
  }

  upload(source: UploadSource, given: UploadOptions): UploadOfTest {
    this.#checkOpen();
    checkSource(source);
    return this.#begin(new Memory(source), checkUploadOptions(given, checkTarget));
  }

  remove(upload: UploadOfTest): void {
    this.#list.remove(upload);
    this.#changed();
  }

  addPending(entry: FakePendingUpload = {}): PendingUpload {
    this.#left += 1;
    const left = new PendingOfTest(entry, this.#left, {
      begin: (memory, options) => {
        this.#checkOpen();
        return this.#begin(memory, checkUploadOptions(options, checkTarget));
      },
      discarded: () => this.#pending.delete(left),
    });
    this.#pending.add(left);
    return left.entry;
  }

  async pending(): Promise<PendingUpload[]> {
    return this.#offered();
  }

  resumeAll(): Promise<PendingUpload[]> {
    return this.#resumeAll();
  }

  urlOf(key: string): string {
    checkTarget({ key });
    return this.#place.urlOf(key, {});
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.subscribe(() => listener());
  }

  async diagnose(): Promise<Diagnosis> {
    this.#checkOpen();
    return this.#diagnosis;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const upload of this.#list.snapshot) upload.stopAndKeep();
  }

  #offered(): PendingUpload[] {
    const offered = [...this.#pending].filter((left) => !left.isTakenUp(this.#list.snapshot));
    return offered.map(({ entry }) => entry).sort((a, b) => b.updatedAt - a.updatedAt);
  }

  #begin(memory: Memory, options: UploadOptions): UploadOfTest {
    const joined = this.#list.joined(memory.source, options);
    if (joined !== undefined) return joined;
    this.#begun += 1;
    const upload: UploadOfTest = new UploadOfTest(`fake-upload-${this.#begun}`, memory, options, {
      bucket: this.#bucket,
      urlOf: (key) => this.urlOf(key),
      isClosed: () => this.#isClosed,
      onChange: () => {
        this.#list.note(upload);
        this.#changed();
      },
    });
    this.#list.add(upload);
    this.#list.note(upload);
    this.#tellLater();
    return upload;
  }

  /** Of what the app begins itself it is told when its call has returned, and it may have noted what it got. */
  #tellLater(): void {
    this.#isUntold = true;
    queueMicrotask(() => {
      if (this.#isUntold) this.#changed();
    });
  }

  #changed(): void {
    this.#isUntold = false;
    if (this.#isClosed) return;
    this.#listeners.put(true);
    this.#listeners.deliver();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw uploaderClosed();
  }
}
