/** Calls a function of the app. An error that it throws does not reach the upload. */

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
