/**
 * A tab of WebKitGTK that looks to the specs' support like a page of Playwright: as much of one as the core path needs.
 * Values go in and out as JSON.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "@playwright/test";
import type { WebKit } from "./driver.js";

/** How often a page is asked whether what was begun in it has ended. A session does one thing at a time: it may not be kept waiting. */
const askEveryMs = 20;

interface Settled {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}
declare global {
  interface Window {
    /** What was begun here, by number: null until it has ended. */
    webkitDriver?: { readonly begun: Record<number, Settled | null>; readonly errors: string[] };
  }
}

let begun = 0;

export function pageOf(webkit: WebKit, window: string): Page {
  const command = <T>(method: "GET" | "POST" | "DELETE", path: string, body?: object) =>
    webkit.command<T>(window, method, path, body);
  const script = <T>(text: string, ...args: unknown[]) => command<T>("POST", "/execute/sync", { script: text, args });

  const page = {
    async goto(url: string) {
      await command("POST", "/url", { url });
      await script(installed);
    },
    async reload() {
      await command("POST", "/refresh");
      await script(installed);
    },
    async evaluate(work: (argument: unknown) => unknown, argument?: unknown) {
      begun += 1;
      const number = begun;
      await script(begin, number, String(work), argument ?? null);
      for (;;) {
        const settled = await script<Settled | null>(look, number);
        if (settled?.error !== undefined) throw Object.assign(new Error(settled.error.message), settled.error);
        if (settled !== null) return settled.value;
        await wait(askEveryMs);
      }
    },
    async setInputFiles(selector: string, path: string) {
      const found = await command<object>("POST", "/element", { using: "css selector", value: selector });
      const [element] = Object.values(found);
      // A choice is added to those before where several files may be chosen.
      await script("document.querySelector(arguments[0]).value = ''", selector);
      await command("POST", `/element/${element}/value`, { text: path });
    },
    async close() {
      await command("DELETE", "/window");
    },
    async pageErrors() {
      return (await script<string[]>("return window.webkitDriver.errors")).map((text) => new Error(text));
    },
  };
  // Playwright's overloads cannot be written here; what is missing fails loudly.
  return page as unknown as Page;
}

const installed = `
  window.webkitDriver = { begun: {}, errors: [] };
  const note = (error) => window.webkitDriver.errors.push(String(error));
  addEventListener("error", (event) => note(event.error ?? event.message));
  addEventListener("unhandledrejection", (event) => note(event.reason));`;

const begin = `
  const [number, work, argument] = arguments;
  const { begun } = window.webkitDriver;
  begun[number] = null;
  Promise.resolve(argument).then(eval("(" + work + ")")).then(
    (value) => { begun[number] = { value }; },
    (error) => { begun[number] = { error: { ...error, name: error?.name ?? "Error", message: error?.message ?? String(error) } }; },
  );`;

/** A page that was left while something ran in it knows nothing of that, and never will. */
const look = `
  const { begun } = window.webkitDriver;
  const number = arguments[0];
  if (!(number in begun)) return { error: { name: "Error", message: "The page was left meanwhile" } };
  const settled = begun[number];
  if (settled !== null) delete begun[number];
  return settled;`;
