/**
 * Whether the small objects of a bucket go by PostObject: one round trip each, where PutObject takes two, because a browser asks for
 * every URL whether it may PUT. Where the store, the app's signer or the CORS rule takes no form, PutObject does it from then on: only
 * their own final answers decide, and only if the same object goes by PUT.
 */
import { isUploadError, type UploadError, type UploadErrorCode } from "../../errors.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import { postProblem } from "./post-fields.js";

/** Bytes. Of a body in a form nothing shows that it moves, so it has to be gone soon. */
export const largestForm = 1024 * 1024;

/** With so many forms in a row that came to nothing, where a PUT stored the object at once, it is no accident any more. */
const mostAccidents = 3;

/** What a form that failed says of the store. */
type Meaning =
  /** It takes none, if it takes the same object by PUT: that goes at once. */
  | "none taken"
  /** So it is, if it is the first and the PUT is answered: a CORS rule without POST looks like this. Later a PUT may be lost as well. */
  | "lost"
  /** Not much: somebody else has answered, the app's signer failed, a token was over. The first object goes by PUT at once. */
  | "accident"
  /** Nobody knows, so no other is sent. The call is repeated as after any such failure: by PUT. */
  | "silence"
  /** Nothing: a PUT would fail too, or the object is stored. */
  | "nothing";

const meanings: Readonly<Record<UploadErrorCode, Meaning>> = {
  forbidden: "none taken",
  rejected: "none taken",
  misconfigured: "none taken",
  "invalid-option": "none taken",
  network: "lost",
  server: "accident",
  corrupted: "accident",
  credentials: "accident",
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
  #accidents = 0;

  /** @param areWanted false if the app wants none, or its signatures cannot sign one */
  constructor(areWanted: boolean) {
    this.#state = areWanted ? "untried" : "refused";
  }

  /** May this PostObject be sent now? */
  mayTake({ key, headers, body }: BucketRequest): boolean {
    if (this.#state === "trying" || this.#state === "refused") return false;
    // The trial form may be stored and go again at once by PUT: the app's server would be called twice.
    if (this.#state === "untried" && headers["x-oss-callback"] !== undefined) return false;
    return (
      body instanceof Blob && body.size > 0 && body.size < largestForm && postProblem({ key, headers }) === undefined
    );
  }

  /** @returns what `post` gives or, if that form is not taken, what `put` gives. @throws what the last of them throws */
  async send<T>(post: () => Promise<T>, put: () => Promise<T>): Promise<T> {
    const isFirst = this.#state === "untried";
    if (isFirst) this.#state = "trying";
    try {
      const stored = await post();
      if (isFirst) this.#state = "taken";
      return stored;
    } catch (error) {
      const meaning = isUploadError(error) ? meanings[error.code] : "nothing";
      if (meaning === "silence") this.#state = "refused";
      const isAtOnce = meaning === "none taken" || (isFirst && (meaning === "lost" || meaning === "accident"));
      if (!isAtOnce) throw error;
      return await this.#instead(put, meaning);
    } finally {
      if (this.#state === "trying") this.#state = "untried";
    }
  }

  /** If the store takes by PUT what it did not take by form, it was the form. */
  async #instead<T>(put: () => Promise<T>, meaning: Meaning): Promise<T> {
    try {
      const stored = await put();
      if (meaning !== "accident" || ++this.#accidents === mostAccidents) this.#state = "refused";
      return stored;
    } catch (error) {
      // The network is there.
      if (meaning === "lost" && isUploadError(error) && isOfStore(error)) this.#state = "refused";
      throw error;
    }
  }
}

function isOfStore({ status, code }: UploadError): boolean {
  return status !== undefined && code !== "server";
}
