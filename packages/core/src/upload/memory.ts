/** What one upload of this page remembers from one run to the next. A reload forgets it; nothing depends on it but speed. */
import type { UploadSource } from "../api/upload.js";
import type { Moment, StoredPart, UploadId } from "../store/object-store.js";
import type { Digest } from "../workers/byte-workers.js";
import type { OpenedSource } from "./source.js";

declare const brand: unique symbol;
/** The name of a file's content as far as we looked. */
export type Fingerprint = string & { readonly [brand]: "Fingerprint" };

export class Memory {
  readonly source: UploadSource;
  opened: OpenedSource | undefined;
  fingerprint: Fingerprint | undefined;
  /** Of the whole file, where the fingerprint has read all of it. */
  digest: Digest | undefined;
  checkpointId: string | undefined;
  #uploadId: UploadId | undefined;
  readonly #proved = new Map<number, StoredPart>();
  readonly #sent = new Set<number>();
  #restingSince: Moment | undefined;

  constructor(source: UploadSource) {
    this.source = source;
  }

  /** The multipart upload that the parts below belong to. */
  get uploadId(): UploadId | undefined {
    return this.#uploadId;
  }

  /** Parts whose bytes are known to be those of the open file, by number: sent or digested by this page. */
  get proved(): ReadonlyMap<number, StoredPart> {
    return this.#proved;
  }

  /** When a run of that multipart upload last ended: since then others may have gone on with it. */
  get restingSince(): Moment | undefined {
    return this.#restingSince;
  }

  /** Did this page send that part? */
  wasSent(number: number): boolean {
    return this.#sent.has(number);
  }

  /** What is known from here on is of that multipart upload; what was known of another one is forgotten. */
  belongsTo(uploadId: UploadId | undefined): void {
    if (this.#uploadId === uploadId) return;
    this.#uploadId = uploadId;
    this.#restingSince = undefined;
    this.#proved.clear();
    this.#sent.clear();
  }

  /** The store has the part, and its bytes are those of the open file. @param sent by this page */
  proves(part: StoredPart, sent: boolean): void {
    this.#proved.set(part.number, part);
    if (sent) this.#sent.add(part.number);
  }

  restsSince(moment: Moment): void {
    this.#restingSince = moment;
  }

  /** The file is opened anew, and nothing is believed of it that was only remembered. */
  forget(): void {
    this.opened = this.fingerprint = this.digest = this.checkpointId = undefined;
    this.belongsTo(undefined);
  }
}
