/** Composition root: options become defaults, and an uploader whose engine is loaded apart. */

import type { UploadOptions } from "./api/upload.js";
import type { Uploader, UploaderOptions } from "./api/uploader.js";
import { checkOptions, invalid } from "./check-options.js";
import { UploadError } from "./errors.js";
import { systemClock } from "./platform/clock.js";
import { leaveQuestion } from "./platform/leave-question.js";
import { browserPageLife } from "./platform/page-life.js";
import { screenWakeLock } from "./platform/wake-lock.js";
import type { StoreConnection } from "./store/object-store.js";
import type { Engine } from "./upload/engine.js";
import { type Activity, UploaderHandle } from "./upload/uploader-handle.js";

/**
 * Makes an uploader. Nothing is read, opened or sent before the first upload, so it may be called anywhere, on a server too.
 * In a page the code that moves uploads begins to load, so that it is there when the first file is picked.
 *
 * @throws UploadError "invalid-option" for options that can never work
 */
export function createUploader(options: UploaderOptions): Uploader {
  const connection = connectionOf(options.store);
  const checked = checkOptions(options, connection.limits);
  const clock = systemClock();
  const warn = warnOnce();
  const engine = once(async (): Promise<Engine> => {
    try {
      const { createEngine } = await import("./create-engine.js");
      const onUnresumable = (id: string) => uploader.becameUnresumable(id);
      return await createEngine({
        options,
        checked,
        connection,
        clock,
        warn,
        onUnresumable,
        insecure: insecureContext,
      });
    } catch (cause) {
      throw new UploadError("network", `The part of Ossicle that moves uploads could not be loaded: ${String(cause)}`, {
        cause,
        hint: "resume() tries again. After a new deployment of your app an open page may need to be reloaded.",
      });
    }
  });
  const check = (upload: UploadOptions) => {
    const insecure = insecureContext();
    if (insecure !== undefined) throw insecure;
    connection.check(upload);
  };
  const awake = screenWakeLock();
  const question = leaveQuestion();
  const { keepAwake = true, warnBeforeUnload = "when-needed" } = options;
  const onActivity = ({ moving, losable }: Activity) => {
    awake.set(keepAwake && moving);
    question.set(warnBeforeUnload === "always" ? moving : warnBeforeUnload === "when-needed" && losable);
  };
  const uploader = new UploaderHandle({
    engine: engine.get,
    clock,
    life: browserPageLife(),
    durable: checked.durable,
    keepSettled: checked.keepSettled,
    warn,
    check,
    onRequest: options.onRequest,
    onActivity,
    onClose: async () => (await engine.ifBegun())?.close(),
  });
  if (globalThis.document !== undefined) engine.get().catch(laterAgain);
  return uploader;
}

/** Whoever needs it asks again, and is told. */
const laterAgain = () => undefined;

/** One call for all who wait; after a failure the next one tries again. */
function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get: (): Promise<T> => {
      const making = made ?? make();
      made = making;
      making.catch(() => {
        if (made === making) made = undefined;
      });
      return making;
    },
    /** @returns undefined where it was never asked for, or has failed */
    ifBegun: async (): Promise<T | undefined> => {
      try {
        return await made;
      } catch {
        return undefined; // Whoever asked for it was told.
      }
    },
  };
}

function connectionOf(adapter: UploaderOptions["store"]): StoreConnection {
  if (typeof adapter === "object" && adapter !== null && "connect" in adapter) return adapter as StoreConnection;
  throw invalid("store is not an object store", "Pass store: ossStore({ region, bucket, credentials }).");
}

function insecureContext(): UploadError | undefined {
  if (globalThis.isSecureContext !== false) return undefined;
  return new UploadError(
    "misconfigured",
    `This page (${location.origin}) is not a secure context: browsers give it neither WebCrypto to sign with nor Web Locks`,
    { hint: "Serve the page over https, or from localhost." },
  );
}

function warnOnce(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    console.warn(`Ossicle: ${message}`);
  };
}
