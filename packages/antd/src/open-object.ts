/** Opens a complete object in a tab of its own, by a URL that the app has to ask its server for. */
import type { UploadResult } from "@ossicle/core";

/**
 * Call it inside a click. Never rejects: what `urlOf` throws is an uncaught error of the page, and the tab is closed.
 *
 * @param urlOf the app's
 */
export async function openObject(
  result: UploadResult,
  urlOf: (result: UploadResult) => string | Promise<string>,
): Promise<void> {
  // First of all: Safari opens a tab only inside a click, and it is none any more when the server has answered.
  const tab = window.open("", "_blank");
  // Instead of "noopener", with which nobody is given the tab.
  if (tab !== null) tab.opener = null;
  try {
    const url = await urlOf(result);
    if (tab === null) window.open(url, "_blank", "noopener");
    else tab.location.replace(url);
  } catch (cause) {
    tab?.close();
    reportError(cause);
  }
}
