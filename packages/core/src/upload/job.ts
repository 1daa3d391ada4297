/** One upload, as each run of it takes it up: its file, what it is to be, and what the app has last said of it. */
import type { FileInfo, Upload, UploadOptions, UploadState } from "../api/upload.js";
import type { UploadErrorCode } from "../errors.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import { Memory } from "./memory.js";
import { fileInfo, infoOf } from "./source.js";
import type { Stop } from "./stop.js";
import { completesAs, targetOf } from "./target.js";

/** Failures after which the file may not be what it was. */
const doubtful: ReadonlySet<UploadErrorCode> = new Set(["file-unreadable", "file-changed", "corrupted"]);

/** Stands for each file that was let go. There is one: to make a Blob, an empty one too, Chromium waits for another process (measured). */
let nothing: Blob | undefined;

export class Job {
  /** Set once: a run that ends after it marks its checkpoint, and nobody goes on with it. */
  isCancelled = false;
  /** The user has paused it since it last went on. */
  isPaused = false;
  /** A signal or `close()` has stopped it since it last went on. */
  isStopped = false;
  /** The engine has been told of that, or will see it when the run ends. */
  isRestKnown = false;
  /** The run that was cancelled has marked the checkpoint, so that its multipart upload is nobody's any more. */
  isMarked = false;
  /** Called after `adopt` has changed something. */
  onAdopted: (() => void) | undefined;
  readonly #fixed: ObjectStore["fixed"];
  #memory: Memory;
  #options: Upload["options"];
  #target: ObjectTarget;
  #isSaid = false;
  /** What is left of the file when it was let go. */
  #file: FileInfo | null = null;

  /** @param options checked ones. @param fixed the store's */
  constructor(memory: Memory, options: UploadOptions, fixed: ObjectStore["fixed"]) {
    this.#fixed = fixed;
    this.#memory = memory;
    this.#options = optionsToKeep(options);
    this.#target = targetOf(options);
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** null until a handle was opened. */
  get file(): FileInfo | null {
    const { done, opened, source } = this.#memory;
    return this.#file ?? done?.file ?? (opened === undefined ? fileInfo(source) : infoOf(opened.file));
  }

  get options(): Upload["options"] {
    return this.#options;
  }

  get target(): ObjectTarget {
    return this.#target;
  }

  get appData(): unknown {
    return this.#options.appData;
  }

  get priority(): NonNullable<UploadOptions["priority"]> {
    return this.#options.priority ?? "normal";
  }

  /** Called before the upload goes on. After a failure that is about the file, all that is known of the file is forgotten. */
  goesOnFrom(state: UploadState): void {
    if (state.phase === "failed" && doubtful.has(state.error.code)) this.#memory.forget();
  }

  /** Called when it is stopped, with or without a run, by anybody but its page that leaves. */
  stops(stop: Stop): void {
    if (stop === "paused") this.isPaused = true;
    if (stop === "stopped") this.isStopped = true;
    if (stop === "cancelled") this.isCancelled = true;
  }

  /** Called when a run begins. What the object is to be may change until the run calls `says()`. */
  begins(): void {
    this.isPaused = this.isStopped = this.isRestKnown = false;
    this.#isSaid = false;
  }

  /**
   * The request that makes the object goes out. From here on an upload() that wants another ACL or a callback wants another
   * object.
   */
  says(): ObjectTarget {
    this.#isSaid = true;
    return this.#target;
  }

  /**
   * The object that is there was recognised as the one of `asked`, which may have taken long. Where it will still do, an upload() that
   * wants another ACL or a callback wants another object from here on.
   * @returns false where something else is asked for by now
   */
  settlesFor({ acl, callback }: ObjectTarget): boolean {
    if (!completesAs({ acl, withCallback: callback !== undefined }, this.#target)) return false;
    this.#isSaid = true;
    return true;
  }

  /**
   * A later upload() of the same file to the same key: what it says counts from here on. What it does not say stays, so that no
   * callback and no ACL is lost to a call that knows nothing of it.
   * @returns false where the object is to be another one, and nothing has changed
   */
  adopt(options: UploadOptions): boolean {
    const target = targetOf(options);
    const asked = { ...this.#target, ...target };
    if (this.#fixed(this.#target) !== this.#fixed(target)) return false;
    const { acl, callback } = this.#target;
    if (this.#isSaid && !completesAs({ acl, withCallback: callback !== undefined }, asked)) return false;
    this.#target = asked;
    this.#options = optionsToKeep({ ...this.#options, ...options });
    this.onAdopted?.();
    return true;
  }

  /** Called when nothing will be read any more: keeps the name and the size of the file, and not the file. */
  letGo(): void {
    this.#file = this.file;
    nothing ??= new Blob();
    this.#memory = new Memory(nothing);
  }
}

function optionsToKeep({ signal: _signal, ...options }: UploadOptions): Upload["options"] {
  return Object.freeze(options);
}
