/**
 * Whether the small objects of a bucket go by PostObject: one round trip each, where PutObject takes two, because a browser asks for
 * every URL whether it may PUT. Where the store, the app's signer or the CORS rule takes no form, PutObject does it from then on.
 */
import { isUploadError, type UploadErrorCode } from "../../errors.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import { postProblem } from "./post-fields.js";

/** Bytes. Of a body in a form nothing shows that it moves, so it has to be gone soon. */
export const largestForm = 1024 * 1024;

/** What a form that failed says of the store. */
type Meaning =
  /** It takes none: the same object goes by PUT at once. */
  | "none taken"
  /** So it is, unless one was taken before: then it is an accident that may befall a PUT as well. */
  | "none taken, if it is the first"
  /** Nobody knows, so no other is sent. The call is repeated as after any such failure: by PUT. */
  | "silence"
  /** Nothing: a PUT would fail too, or the object is stored. */
  | "nothing";

const meanings: Readonly<Record<UploadErrorCode, Meaning>> = {
  // A CORS rule without POST looks like this, too.
  network: "none taken, if it is the first",
  server: "none taken, if it is the first",
  corrupted: "none taken, if it is the first",
  credentials: "none taken, if it is the first",
  forbidden: "none taken",
  rejected: "none taken",
  misconfigured: "none taken",
  "invalid-option": "none taken",
  stalled: "silence",
  "not-found": "nothing",
  "already-exists": "nothing",
  "callback-failed": "nothing",
  throttled: "nothing",
  worker: "nothing",
  "file-unreadable": "nothing",
  "file-changed": "nothing",
  "upload-gone": "nothing",
  locked: "nothing",
};

export class Forms {
  /** "trying": the first one is on its way, and until its answer all others go by PUT. */
  #state: "untried" | "trying" | "taken" | "refused";

  /** @param areWanted false if the app wants none, or its signatures cannot sign one */
  constructor(areWanted: boolean) {
    this.#state = areWanted ? "untried" : "refused";
  }

  /** May this PostObject be sent now? */
  mayTake({ key, headers, body }: BucketRequest): boolean {
    if (this.#state === "trying" || this.#state === "refused") return false;
    return (
      body instanceof Blob && body.size > 0 && body.size < largestForm && postProblem({ key, headers }) === undefined
    );
  }

  /** @returns what `post` gives or, if no form is taken, what `put` gives. @throws what the last of them throws */
  async send<T>(post: () => Promise<T>, put: () => Promise<T>): Promise<T> {
    const isFirst = this.#state === "untried";
    if (isFirst) this.#state = "trying";
    try {
      const stored = await post();
      if (isFirst) this.#state = "taken";
      return stored;
    } catch (error) {
      const meaning = isUploadError(error) ? meanings[error.code] : "nothing";
      if (meaning === "none taken" || meaning === "silence") this.#state = "refused";
      if (meaning === "none taken") return await put();
      if (!isFirst || meaning !== "none taken, if it is the first") throw error;
      return await this.#instead(put);
    } finally {
      if (this.#state === "trying") this.#state = "untried";
    }
  }

  /** If the PUT gets an answer, the network is there: it was the form that did not get through. */
  async #instead<T>(put: () => Promise<T>): Promise<T> {
    try {
      const stored = await put();
      this.#state = "refused";
      return stored;
    } catch (error) {
      if (isUploadError(error) && error.status !== undefined) this.#state = "refused";
      throw error;
    }
  }
}
