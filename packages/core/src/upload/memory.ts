/** What one upload of this page remembers from one run to the next. A reload loses it, and costs only time. */
import type { FileInfo, UploadResult, UploadSource } from "../api/upload.js";
import type { Note } from "../queued-note.js";
import type { Moment, ObjectTarget, StoredPart, UploadId } from "../store/object-store.js";
import type { Digest } from "../workers/byte-workers.js";
import type { OpenedSource } from "./source.js";

declare const brand: unique symbol;
/** A name for the content of a file, taken from its size and samples, or from all of its bytes. */
export type Fingerprint = string & { readonly [brand]: "Fingerprint" };

/** A request that may have made the object: when it was sent, and what for. */
export interface Making {
  readonly since: Moment;
  readonly acl: ObjectTarget["acl"];
  readonly withCallback: boolean;
}

export class Memory {
  readonly source: UploadSource;
  opened: OpenedSource | undefined;
  fingerprint: Fingerprint | undefined;
  /** Digest of the whole file, if taking the fingerprint read all of it. */
  digest: Digest | undefined;
  checkpointId: string | undefined;
  /** The note of it, as of a queued file with a handle: its id, what it says, and when this page last held its lock or was told of it. */
  note: { readonly id: string; readonly seen: Moment; readonly says: Note } | undefined;
  /** A head record of it exists, so that a note says nothing more. */
  isBegun = false;
  /** Milliseconds since the epoch: when it was asked for, by an earlier page perhaps. What was completed before is not its object. */
  declare since: number | undefined;
  /** `pending()` listed it as queued: it may have been completed since. */
  declare wasListed: true | undefined;
  /** It was completed after an earlier page was left: what the file was, and what was made. */
  done: { readonly file: FileInfo; readonly result: UploadResult } | undefined;
  /** Another page may have made the object. */
  madeElsewhere: Making | undefined;
  #uploadId: UploadId | undefined;
  readonly #proved = new Map<number, StoredPart>();
  readonly #sent = new Set<number>();
  #restingSince: Moment | undefined;
  /** What earlier pages have shown of the progress bar, as far as it is kept. */
  shown = 0;
  /** The first PutObject of the file whose answer this page may have missed. */
  put: Making | undefined;

  constructor(source: UploadSource) {
    this.source = source;
  }

  /** The multipart upload that the parts below belong to. */
  get uploadId(): UploadId | undefined {
    return this.#uploadId;
  }

  /** Stored parts, by number, whose bytes are those of the open file: this page sent them, or compared them. */
  get proved(): ReadonlyMap<number, StoredPart> {
    return this.#proved;
  }

  /** When a run of that multipart upload last ended. Since then another page may have gone on with it. */
  get restingSince(): Moment | undefined {
    return this.#restingSince;
  }

  /** True if this page sent that part. */
  wasSent(number: number): boolean {
    return this.#sent.has(number);
  }

  /** Names the multipart upload that the facts below are about. If it is another one than before they are forgotten. */
  belongsTo(uploadId: UploadId | undefined): void {
    if (this.#uploadId === uploadId) return;
    this.#uploadId = uploadId;
    this.#restingSince = undefined;
    this.#proved.clear();
    this.#sent.clear();
  }

  /** Notes that the store has the part, and that its bytes are those of the open file. @param sent true if this page sent it */
  proves(part: StoredPart, sent: boolean): void {
    this.#proved.set(part.number, part);
    if (sent) this.#sent.add(part.number);
  }

  restsSince(moment: Moment): void {
    this.#restingSince = moment;
  }

  /** Forgets all but the source: the next run opens the file again. */
  forget(): void {
    this.opened = this.fingerprint = this.digest = this.checkpointId = this.put = this.madeElsewhere = undefined;
    this.isBegun = false;
    this.belongsTo(undefined);
  }
}
