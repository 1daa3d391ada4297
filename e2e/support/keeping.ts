/** Sites whose service workers keep the files of pages that were left, as apps write them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { libraryDirectory } from "./build-library.js";
import type { PageServer } from "./page-server.js";

interface KeepingWorker {
  /** Its script's name. */
  readonly script: string;
  readonly text: () => string;
  readonly options?: RegistrationOptions;
}

const keeper = () => readFileSync(join(libraryDirectory(), "keeper.js"), "utf8");
/** What a worker of an app does beside: it answers messages of its own, and says of every other that it knows it not. */
const ownMessages = `
  const heard = [];
  addEventListener("message", (event) => {
    if (event.data?.type === "heard?") event.ports[0].postMessage(heard);
    else heard.push(event.data?.type ?? "not mine");
  });`;

/** How an app comes to have a keeper. */
export const keepingWorkers = {
  "imported by the app's service worker": {
    script: "service-worker.js",
    text: () => `import "./keeper.js";${ownMessages}`,
    options: { type: "module" },
  },
  "taken by importScripts()": {
    script: "service-worker.js",
    text: () => `importScripts("./keeper.js");${ownMessages}`,
  },
  "the ready file, which controls no page": {
    script: "ossicle-keeper.js",
    text: keeper,
    options: { scope: "./ossicle-keeper/" },
  },
} as const satisfies Readonly<Record<string, KeepingWorker>>;
export type KeepingName = keyof typeof keepingWorkers;

/** A worker of an app that has never heard of keepers. */
export const silentWorker: KeepingWorker = { script: "service-worker.js", text: () => ownMessages };

/** @returns the address of a page of a site that has such a service worker */
export function siteWithWorker(pageServer: PageServer, { script, text }: KeepingWorker): string {
  return pageServer.page({ files: { [script]: { type: "text/javascript", text: text() } } });
}

/** Resolves when the service worker is active. Pages that are open already stay without a controller. */
export async function register(page: Page, { script, options = {} }: KeepingWorker): Promise<void> {
  await page.evaluate(
    async ({ script, options }) => {
      const registration = await navigator.serviceWorker.register(`./${script}`, options);
      const worker = registration.active ?? registration.waiting ?? registration.installing;
      await new Promise<void>((resolve) => {
        const look = () => {
          if (worker?.state === "activated") resolve();
        };
        worker?.addEventListener("statechange", look);
        look();
      });
    },
    { script, options },
  );
}

/** Ends the site's service workers, with what they hold, as a browser does that needs the memory. Chromium only. */
export async function endServiceWorkers(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  await session.detach();
}

/** @returns the types of the messages that the app's own listener in the service worker has heard */
export async function heardByApp(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async () => {
    const { active } = (await navigator.serviceWorker.getRegistration()) ?? {};
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<string[]>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    active?.postMessage({ type: "heard?" }, [port2]);
    return await answer;
  });
}

/** Resolves when the page has loaded what finds keepers, and a worker has had the time to answer it. */
export async function keeperFound(page: Page): Promise<void> {
  await expect.poll(async () => (await keeperScripts(page)).length).toBe(1);
  for (let turn = 0; turn < 3; turn += 1) await page.evaluate(() => navigator.serviceWorker.getRegistrations());
}

export async function keeperScripts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      // What the keeper's own entry, index-page-keeper.js, imports, and so loads last.
      .filter((name) => /(?<!page)-keeper\.js$/.test(name)),
  );
}

/** As browsers are that have no other keeper than a service worker. */
export const withoutSharedWorkers = () => void Reflect.deleteProperty(globalThis, "SharedWorker");
