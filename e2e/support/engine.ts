/** What a browser has of what the library needs, and of what it uses where it is there. `docs/engines.md` is made of it. */
import { type Page, test } from "@playwright/test";

export interface Engine {
  readonly version: string;
  /** By the name that `docs/browser-support.md` gives it. */
  readonly needed: Readonly<Record<string, boolean>>;
  readonly used: Readonly<Record<string, boolean>>;
}

/** Looks at the browser, and puts what it finds into the report of the test that runs. */
export async function lookAtEngine(page: Page, version: string): Promise<Engine> {
  const features = await page.evaluate(() => {
    const byob = () => {
      try {
        new Blob(["0"]).stream().getReader({ mode: "byob" }).releaseLock();
        return true;
      } catch {
        return false;
      }
    };
    return {
      needed: {
        "secure context": isSecureContext,
        "Web Locks": "locks" in navigator,
        IndexedDB: "indexedDB" in window,
        "`AbortSignal.any`": "any" in AbortSignal,
      },
      used: {
        "handles of dropped files": "getAsFileSystemHandle" in DataTransferItem.prototype,
        "handles from a picker": "showOpenFilePicker" in window,
        "handles of the origin's own files": navigator.storage?.getDirectory !== undefined,
        "folders by drag and drop": "webkitGetAsEntry" in DataTransferItem.prototype,
        "screen wake lock": "wakeLock" in navigator,
        WebAssembly: "WebAssembly" in window,
        "streams that fill a buffer": byob(),
      },
    };
  });
  const engine = { version, ...features };
  test.info().annotations.push({ type: "engine", description: JSON.stringify(engine) });
  return engine;
}
