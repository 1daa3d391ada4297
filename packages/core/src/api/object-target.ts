/** What an object is to be: the options of `upload()` that the store is told. Types only. */

/**
 * Everything about the object but its bytes. Of some options a multipart upload that has begun cannot be told another value:
 * then it begins anew. The others may change from one page to the next.
 *
 * Each is checked when `upload()` is called; one that can never work throws `UploadError` "invalid-option".
 */
export interface ObjectTarget {
  /**
   * The object's full name in the bucket: 1–1023 bytes of UTF-8, without a "/" at its start, control characters, or "." and ".." as
   * folders. Two files of one key overwrite each other: see `ifExists`. The same file under another key begins anew: where each upload is
   * to have a key of its own, draw it once; `PendingUpload.key` has it after a reload.
   *
   * @example key: `users/${userId}/${albumId}/${file.name}`
   */
  readonly key: string;
  /**
   * `Content-Type` under which the object is served. Printable ASCII. Default: the file's own type; where it has none, a guess from
   * the end of its name, then of the key; else "application/octet-stream". Another one than before begins a multipart upload anew; a
   * default that changed does not.
   */
  readonly contentType?: string | undefined;
  /** `Cache-Control` of downloads, e.g. "max-age=31536000, immutable". Printable ASCII. Default: none. Fixed when the upload begins. */
  readonly cacheControl?: string | undefined;
  /**
   * `Content-Disposition` of downloads: whether browsers show or save it, and under which name. Printable ASCII. Default: none. Fixed
   * when the upload begins.
   *
   * @example contentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`
   */
  readonly contentDisposition?: string | undefined;
  /** `Content-Encoding` that the bytes already have, e.g. "gzip". Nothing is compressed here. Default: none. Fixed when the upload begins. */
  readonly contentEncoding?: string | undefined;
  /** `Expires` of downloads, exact to the second. It deletes nothing. Default: none. Fixed when the upload begins. */
  readonly expires?: Date | undefined;
  /**
   * Becomes `x-oss-meta-*`: 8 KiB in all. Names are of letters, digits and hyphens, and lose their capitals; values that are not
   * printable ASCII, or have a "%", are stored percent-encoded, and `decodeMetadata` gives them back. Default: none. Fixed when the
   * upload begins.
   *
   * @example metadata: { author: "李雷" }
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * Tags of the object, which lifecycle rules and policies may go by: 10 at most, names of 1–128 bytes, values of 0–256. Default: none.
   * Needs oss:PutObjectTagging. Fixed when the upload begins.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Who may read and write the object. Default: what the bucket says. Needs oss:PutObjectAcl. May change until it is completed. */
  readonly acl?: "default" | "private" | "public-read" | "public-read-write" | undefined;
  /** Default: the bucket's. What is archived has to be thawed before it is read. Fixed when the upload begins. */
  readonly storageClass?: "Standard" | "IA" | "Archive" | "ColdArchive" | "DeepColdArchive" | undefined;
  /** How the service encrypts what it stores; `kmsKeyId` only with "KMS". Default: what the bucket says. Fixed when the upload begins. */
  readonly encryption?:
    | { readonly algorithm: "AES256" | "KMS" | "SM4"; readonly kmsKeyId?: string | undefined }
    | undefined;
  /**
   * The store calls this application server once the object exists; its answer is `UploadResult.callback`. Not kept with the
   * checkpoint: URL and variables may be secrets. An upload that was begun with one is never completed without one. Default: none.
   * Where it fails the object is stored, and `finished` rejects with "callback-failed".
   */
  readonly callback?: UploadCallback | undefined;
  /**
   * What happens where an object of that key is there. "replace" (default); "forbid": `finished` rejects with "already-exists";
   * "skip-identical": nothing is sent if the same bytes are there, else it is replaced.
   */
  readonly ifExists?: "replace" | "forbid" | "skip-identical" | undefined;
  /** Bits per second for one connection, as the service limits it (819,200–838,860,800). Default: no limit. May change at any time. */
  readonly trafficLimit?: number | undefined;
}

/** What Complete needs again, because it decides about the moment at which the object appears. */
export type FinishOptions = Pick<ObjectTarget, "acl" | "callback" | "ifExists">;

/** Together at most 5 KB, and 5 KB of variables. */
export interface UploadCallback {
  /** http or https, ASCII, without ";". Of up to five the service tries one after the other until one answers. */
  readonly url: string | readonly string[];
  /**
   * The body of the service's POST, in which it fills in what stands in `${…}`: `bucket`, `object`, `etag`, `size`, `mimeType`, and
   * `x:name` for variables.
   *
   * @example body: "key=${object}&size=${size}&order=${x:order}"
   */
  readonly body: string;
  /** `Host` of that POST. Default: the URL's. */
  readonly host?: string | undefined;
  /** `Content-Type` of that POST. Default: "application/x-www-form-urlencoded". */
  readonly contentType?: "application/x-www-form-urlencoded" | "application/json" | undefined;
  /** Whether the service names the host when it opens a TLS connection. Default: false. */
  readonly sni?: boolean | undefined;
  /** Values for `${x:name}`. Names without the `x:` prefix, of a–z, 0–9, _ and -. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}
