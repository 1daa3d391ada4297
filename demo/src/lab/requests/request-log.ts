/** The last requests of the page, of every uploader it has had, oldest first. Only the last `most` are kept. */
import type { RequestTrace } from "@ossicle/core";

/** A request, with the name of its file as the page knew it when the request ended. */
export interface LoggedRequest extends RequestTrace {
  /** Position in this log, from 1 upwards. */
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
  /** Counts of all requests since the log was made or cleared, also of those no longer kept. */
  readonly totals: { readonly requests: number; readonly failed: number; readonly bytes: number };
  add(trace: RequestTrace, name: string): void;
  /** Oldest first. */
  matching(filter: RequestFilter): readonly LoggedRequest[];
  /** Uploads with a request in this log: id → name of the file, in the order of their first request. */
  uploads(): ReadonlyMap<string, string>;
  clear(): void;
}

/** A request that was stopped has no answer but did not fail: its `error` is null. */
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
      // Old ones are removed many at a time: to move the whole list for each request would cost more than drawing its row.
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
