/** As thousands of apps have it: whatever is asked, it asks in the page's place. The page's requests then have no upload progress. */
interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

addEventListener("fetch", (event) => {
  const { request } = event as Asked;
  (event as Asked).respondWith(fetch(request));
});
addEventListener("activate", (event) => {
  const { clients } = globalThis as unknown as { readonly clients: { claim(): Promise<void> } };
  (event as unknown as { waitUntil(work: Promise<void>): void }).waitUntil(clients.claim());
});
