/** Calls a function of the app. An error that it throws does not reach the upload. */
import type { CallTrace } from "../api/trace.js";
import type { RequestTrace } from "../api/uploader.js";

/** What the listener throws becomes an uncaught error of the page, for the app's developer to see. */
export function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** @returns what tells the app's listener, if there is one, of the requests of that upload */
export function toldOfRequests(
  onRequest: ((trace: RequestTrace) => void) | undefined,
  upload: string,
): ((trace: CallTrace) => void) | undefined {
  return onRequest && ((trace) => callSafely(() => onRequest({ ...trace, upload })));
}
