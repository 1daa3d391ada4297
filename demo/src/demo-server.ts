/** Questions to the server that serves this page. */

/** @throws Error in words for a person, if the server is away or refuses */
export async function askServer<Answer>(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { cache: "no-store", ...init }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Error(`The demo server does not answer ${url}: is “pnpm demo” still running?`, { cause });
  });
  if (!response.ok) throw new Error(`The demo server answered ${response.status} to ${url}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
