/** Whether shared workers may outlive their pages. */
import { withTrustedUrl } from "../workers/trusted-url.js";

/**
 * Does this browser know shared workers that outlive their pages? It reads the option where it knows it, before it looks at the URL, which is
 * none: nothing is started.
 */
export function knowsExtendedLifetime(): boolean {
  let isRead = false;
  try {
    const options = {
      get extendedLifetime() {
        isRead = true;
        return true;
      },
    };
    withTrustedUrl("https://:", (url) => new SharedWorker(url, options as WorkerOptions));
  } catch {
    // A browser without shared workers, or, as it should be, a URL that is none.
  }
  return isRead;
}
