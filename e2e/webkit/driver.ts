/** WebKitGTK by way of Debian's WebKitWebDriver: W3C WebDriver over plain HTTP, https://www.w3.org/TR/webdriver2/. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** Where Debian's packages put it; the folder's name carries the API's version, and on other processors another triplet. */
const browsers = ["x86_64-linux-gnu", "aarch64-linux-gnu"].flatMap((triplet) =>
  ["4.1", "6.0"].map((api) => `/usr/lib/${triplet}/webkit2gtk-${api}/MiniBrowser`),
);
/** For what never comes, not a measure of speed. */
const patienceMs = 30_000;

export interface WebKit {
  /** E.g. "2.50.6". */
  readonly version: string;
  /** Handle of the window that is there from the beginning. */
  readonly firstWindow: string;
  /** Opens a tab. @returns its handle */
  newWindow(): Promise<string>;
  /** One command to one window: `path` is below /session/{id}. Commands wait for each other: a session has one current window. */
  command<T>(window: string, method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T>;
  /** Ends browser and driver. */
  close(): Promise<void>;
}

/** Starts a browser of its own, with nothing stored. Needs a display: xvfb-run gives one. */
export async function startWebKit(): Promise<WebKit> {
  const binary = browsers.find(existsSync);
  if (binary === undefined) throw new Error(`There is no MiniBrowser at any of ${browsers.join(", ")}`);
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], { stdio: "ignore" });
  const root = `http://127.0.0.1:${port}`;
  try {
    await isReady(root, driver);
    const browserOptions = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    const session = await ask<{ sessionId: string; capabilities: { browserVersion: string } }>(
      ...([root, "POST", "/session", { capabilities: { alwaysMatch: browserOptions } }] as const),
    );
    return await inSession(`${root}/session/${session.sessionId}`, session.capabilities.browserVersion, driver);
  } catch (cause) {
    await end(driver);
    throw cause;
  }
}

async function inSession(root: string, version: string, driver: ChildProcess): Promise<WebKit> {
  const firstWindow = await ask<string>(root, "GET", "/window");
  let current = firstWindow;
  let last: Promise<unknown> = Promise.resolve();
  /** One after another, whether or not the one before went well. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    version,
    firstWindow,
    newWindow: () =>
      inTurn(async () => (await ask<{ handle: string }>(root, "POST", "/window/new", { type: "tab" })).handle),
    command: <T>(window: string, method: "GET" | "POST" | "DELETE", path: string, body?: object) =>
      inTurn(async () => {
        if (window !== current) await ask(root, "POST", "/window", { handle: window });
        current = window;
        return await ask<T>(root, method, path, body);
      }),
    close: () =>
      inTurn(async () => {
        await ask(root, "DELETE", "").catch(() => undefined);
        await end(driver);
      }),
  };
}

async function ask<T>(root: string, method: string, path: string, body: object = {}): Promise<T> {
  const response = await fetch(root + path, {
    method,
    ...(method === "POST" && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebKitWebDriver, ${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

async function isReady(root: string, driver: ChildProcess): Promise<void> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended at once, with ${driver.exitCode}`);
    const answered = await ask(root, "GET", "/status").then(
      () => true,
      () => false,
    );
    if (answered) return;
    await wait(50);
  }
  throw new Error("WebKitWebDriver does not answer");
}

async function end(driver: ChildProcess): Promise<void> {
  if (driver.exitCode !== null || driver.signalCode !== null) return;
  driver.kill();
  await once(driver, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port");
  return address.port;
}
