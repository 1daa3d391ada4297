/** Tells answers that came from another URL than the request's. */

/**
 * True after a redirect, which XHR follows silently, and for an answer that a service worker took from its cache. The service
 * redirects no request of an upload, so such an answer is not the service's.
 *
 * @param answered the URL that the answer names; "" if the browser names none
 */
export function isElsewhere(asked: string, answered: string): boolean {
  return answered !== "" && plain(answered) !== plain(asked);
}

/** Writes a URL as browsers name it in an answer: normalised, without the fragment. */
function plain(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return parsed.href;
}
