/**
 * A real Chromium, spoken to by a DevTools client of our own. Not Playwright: it switches the Network domain on, for which
 * Chromium writes every body out as text, and what is measured then is that.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { ensureChromium } from "../../scripts/browser.mjs";
import { openPipe, type Session } from "./pipe.js";
import { cpuSeconds, processTree } from "./processes.js";

export interface Chromium {
  readonly version: string;
  /** A new page at a URL, loaded. */
  open(url: string): Promise<Tab>;
  /** Process ids by type: "browser", "renderer", … */
  processes(): Promise<readonly { readonly id: number; readonly type: string }[]>;
  /** CPU seconds of all its processes so far. */
  cpuSeconds(): number;
  /** Resolves when the browser has had nothing to do for a while, or does not come to rest. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface Tab {
  readonly session: Session;
  /** Of targets below it: workers. */
  below(sessionId: string): Session;
  evaluate<T>(expression: string): Promise<T>;
  /** Into the page's file input. */
  pick(paths: readonly string[]): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
}

const flags = [
  "--headless=new",
  "--remote-debugging-pipe",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--disable-default-apps",
  "--metrics-recording-only",
  "--password-store=basic",
  "--use-mock-keychain",
  "--mute-audio",
  // Otherwise what the page reads of its heap is rounded to what a fingerprinter may know.
  "--enable-precise-memory-info",
];

export interface Place {
  /** What to start for the browser to run there. */
  within(program: string, ...args: readonly string[]): readonly [program: string, ...args: string[]];
  /** Whose address the name `store.test` has. */
  readonly host: string;
}

/** @param place the line that it runs on; default: none */
export async function launchChromium(place?: Place): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "ossicle-bench-profile-"));
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const names = place === undefined ? [] : [`--host-resolver-rules=MAP store.test ${place.host}`];
  const args = [...flags, ...sandbox, ...names, `--user-data-dir=${profile}`, "about:blank"];
  const program = String(ensureChromium());
  const [started, ...rest] = place?.within(program, ...args) ?? [program, ...args];
  const child: ChildProcess = spawn(started, rest, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const pipe = openPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const browser = pipe.session();
  const { product } = await browser.send("Browser.getVersion");
  const pid = child.pid ?? 0;
  const chromium: Chromium = {
    version: product,
    open: (url) => openTab(pipe.session, browser, url),
    async processes() {
      const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
      return processInfo;
    },
    cpuSeconds: () => cpuSeconds(processTree(pid)),
    quiet: () => quiet(() => cpuSeconds(processTree(pid))),
    async close() {
      // Ctrl-C may have ended it already.
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        await browser.send("Browser.close").catch(() => child.kill("SIGKILL"));
        await exited;
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  await chromium.quiet();
  return chromium;
}

async function openTab(session: (id: string) => Session, browser: Session, url: string): Promise<Tab> {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const page = session(sessionId);
  const evaluate = async (expression: string) => {
    const answer = await page.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails === undefined) return answer.result.value;
    const { text, exception } = answer.exceptionDetails;
    throw new Error(`in the page: ${exception?.description ?? exception?.value ?? text}`);
  };
  let loaded = () => {};
  page.on("Page.loadEventFired", () => loaded());
  const load = async (method: string, params: object = {}) => {
    const fired = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    await page.send(method, params);
    await fired;
  };
  await page.send("Page.enable");
  await load("Page.navigate", { url });
  return {
    session: page,
    below: session,
    evaluate,
    async pick(paths) {
      const { root } = await page.send("DOM.getDocument");
      const { nodeId } = await page.send("DOM.querySelector", { nodeId: root.nodeId, selector: "input" });
      await page.send("DOM.setFileInputFiles", { nodeId, files: paths });
    },
    reload: () => load("Page.reload"),
    async close() {
      await browser.send("Target.closeTarget", { targetId });
    },
  };
}

const quietWindowMs = 100;
const mostWindows = 60;

/** Three windows in a row with no more than a tick or two of CPU: just after its launch Chromium burns a second of it. */
async function quiet(cpu: () => number): Promise<void> {
  let calm = 0;
  let before = cpu();
  for (let i = 0; i < mostWindows && calm < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, quietWindowMs));
    const now = cpu();
    calm = now - before <= 0.02 ? calm + 1 : 0;
    before = now;
  }
}
