/**
 * Keeps the files of pages in a service worker: `import "@ossicle/core/keeper"` in a module, or `importScripts()` of the same file. It only
 * listens to messages of its own: an app's messages, requests and updates are as they were.
 */
import { systemClock } from "../platform/clock.js";
import { answer } from "./answering.js";
import { KeptFiles } from "./kept-files.js";

const kept = new KeptFiles(systemClock());

// Imported on a server, or into a page, it does nothing.
globalThis.addEventListener?.("message", (event) => {
  if (!("waitUntil" in event)) return;
  const work = answer(kept, event as ExtendableMessageEvent);
  if (work !== undefined) (event as ExtendableMessageEvent).waitUntil(work);
});

/** TypeScript's DOM types lack what only service workers have. */
interface ExtendableMessageEvent extends MessageEvent {
  waitUntil(work: Promise<void>): void;
}
