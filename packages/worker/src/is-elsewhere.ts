/** Was a request answered under another URL than the one it was sent to? */

/**
 * True after a redirect, which XHR follows without a word, and for a page that a service worker took from its cache. The
 * service redirects no request of an upload: who does is somebody else.
 *
 * @param answered the URL that the answer names; "" where the engine names none
 */
export function isElsewhere(asked: string, answered: string): boolean {
  return answered !== "" && plain(answered) !== plain(asked);
}

/** As browsers write it, without a fragment, which they leave out. */
function plain(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return parsed.href;
}
