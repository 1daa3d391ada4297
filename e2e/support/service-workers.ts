/** Service workers of the site that a page belongs to, as apps write them: what they answer instead of the store. */
import type { Page } from "@playwright/test";
import type { PageServer, SiteFile } from "./page-server.js";
import { asHtml, html } from "./strangers.js";

const offlinePage = "offline.html";
/** From the first load on, not from the next. */
const atOnce = 'addEventListener("activate", (event) => event.waitUntil(clients.claim()));';
const answering = (how: string) => `addEventListener("fetch", (event) => event.respondWith(${how}));`;
const keeping = `addEventListener("install", (event) =>
  event.waitUntil(caches.open("site").then((site) => site.add("./${offlinePage}"))));`;

/** What each does with every request, the store's included. */
export const serviceWorkers = {
  "passes on whatever is asked": answering("fetch(event.request)"),
  "leaves alone what is not GET": `addEventListener("fetch", (event) => {
    if (event.request.method !== "GET") return;
    event.respondWith(fetch(event.request));
  });`,
  "answers with its offline page what nobody else does":
    keeping + answering(`fetch(event.request).catch(() => caches.match("./${offlinePage}"))`),
  "answers with an offline text what nobody else does": answering(
    `fetch(event.request).catch(() => new Response(${JSON.stringify(html)}, { headers: ${JSON.stringify(asHtml)} }))`,
  ),
  "answers nothing, and that all is well, what nobody else does": answering(
    'fetch(event.request).catch(() => new Response(""))',
  ),
  "answers nothing, and that all is well, to every PUT": answering(
    'event.request.method === "PUT" ? new Response("") : fetch(event.request)',
  ),
} as const;
export type ServiceWorkerName = keyof typeof serviceWorkers;

/** @returns the address of a page of a site that has such a service worker */
export function siteWith(pageServer: PageServer, name: ServiceWorkerName): string {
  const script: SiteFile = { type: "text/javascript", text: serviceWorkers[name] + atOnce };
  const offline: SiteFile = { type: "text/html", text: html };
  return pageServer.page({ files: { "service-worker.js": script, [offlinePage]: offline } });
}

/** Resolves when the service worker has the page, and with it the workers that the page will start. */
export async function installServiceWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    const taken = new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve));
    await serviceWorker.register("./service-worker.js");
    if (serviceWorker.controller === null) await taken;
  });
}

/** From now on nobody answers in the store's place. */
export async function removeServiceWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registrations = await navigator.serviceWorker.getRegistrations();
    await Promise.all(registrations.map((registration) => registration.unregister()));
  });
}
