/** The last requests of the page, of all uploaders it has had. Oldest first; more than `most` are forgotten. */
import type { RequestTrace } from "@ossicle/core";

/** A request, and what the page knew of its upload when it ended. */
export interface LoggedRequest extends RequestTrace {
  /** Of this log, ascending. */
  readonly number: number;
  /** Name of the upload's file; "" for a request of no upload. */
  readonly name: string;
}

export interface RequestFilter {
  /** `Upload.id`, "" for requests of no upload, null for all. */
  readonly upload: string | null;
  readonly failedOnly: boolean;
}

export interface RequestLog {
  /** Since the beginning, forgotten ones too. */
  readonly totals: { readonly requests: number; readonly failed: number; readonly bytes: number };
  add(trace: RequestTrace, name: string): void;
  /** Oldest first. */
  matching(filter: RequestFilter): readonly LoggedRequest[];
  /** Uploads that have a request here, in the order of their first one. */
  uploads(): ReadonlyMap<string, string>;
  clear(): void;
}

/** Stopping is no failure, though its requests get no answer: they carry no error. */
export function isFailed({ error }: Pick<RequestTrace, "error">): boolean {
  return error !== null;
}

export function matches(request: LoggedRequest, { upload, failedOnly }: RequestFilter): boolean {
  return (upload === null || request.upload === upload) && (!failedOnly || isFailed(request));
}

export function createRequestLog(most: number): RequestLog {
  let kept: LoggedRequest[] = [];
  let totals = { requests: 0, failed: 0, bytes: 0 };

  return {
    get totals() {
      return totals;
    },
    add(trace, name) {
      totals = {
        requests: totals.requests + 1,
        failed: totals.failed + (isFailed(trace) ? 1 : 0),
        bytes: totals.bytes + trace.bodyBytes,
      };
      kept.push({ ...trace, number: totals.requests, name });
      // Not one by one: moving the whole list for each request would cost more than the request's row.
      if (kept.length >= 2 * most) kept = kept.slice(-most);
    },
    matching(filter) {
      return kept.slice(-most).filter((request) => matches(request, filter));
    },
    uploads() {
      return new Map(kept.slice(-most).map(({ upload, name }) => [upload, name]));
    },
    clear() {
      kept = [];
      totals = { requests: 0, failed: 0, bytes: 0 };
    },
  };
}
