/** Asks the server that serves this page: it hands out tokens, as an application server would. */
import { words } from "../words/language.js";

/** @throws Error with a sentence for the person at the page, if the server does not answer or refuses */
export async function askServer<Answer>(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { cache: "no-store", ...init }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Error(words().server.away(url), { cause });
  });
  if (!response.ok) throw new Error(words().server.refused(response.status, url));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
