/** Calls what an app handed over, without being stopped by what it throws. */

/** A listener's mistake is the app's to see, as an uncaught error; it must not stop an upload. */
export function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
