/** What `Uploader.diagnose()` says. Types only. */

/** What `Uploader.diagnose()` found. */
export interface Diagnosis {
  /** No check failed. Warnings are no failures. */
  readonly ok: boolean;
  /** One of each name, in the order of `DiagnosisCheck.name`. */
  readonly checks: readonly DiagnosisCheck[];
}

/** One thing that was looked at, in the browser ("worker" to "after-page") or at the bucket. */
export interface DiagnosisCheck {
  readonly name:
    | "worker"
    | "wasm"
    | "indexeddb"
    | "locks"
    | "file-handles"
    | "service-worker"
    | "after-page"
    | "credentials"
    | "cors"
    | "exposed-headers"
    | "caches"
    | "clock"
    | "permissions";
  /** "warning": uploads work, but not as well as they could. "skipped": it could not be found out, or is not used. */
  readonly status: "ok" | "warning" | "failed" | "skipped";
  /** What was seen, in a sentence. No secret. */
  readonly detail: string;
  /** What to change; of CORS the whole rule, ready to be copied, on lines of its own. */
  readonly hint?: string;
}
