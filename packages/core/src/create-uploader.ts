/** Composition root: checks the options and builds an uploader that loads its engine when it needs one. */

import type { UploadOptions } from "./api/upload.js";
import type { Uploader, UploaderOptions } from "./api/uploader.js";
import { checkOptions } from "./check-options.js";
import { checkUploadOptions } from "./check-upload-options.js";
import type { EngineTools } from "./create-engine.js";
import { UploadError } from "./errors.js";
import { loading } from "./not-loaded.js";
import { systemClock } from "./platform/clock.js";
import { leaveQuestion } from "./platform/leave-question.js";
import { browserPageLife } from "./platform/page-life.js";
import { screenWakeLock } from "./platform/wake-lock.js";
import type { Engine } from "./upload/engine.js";
import { type Activity, UploaderHandle } from "./upload/uploader-handle.js";

/**
 * Makes an uploader. It reads, opens and sends nothing before the first upload, so it may be called anywhere, on a server too.
 * In a page it begins to load the engine, so that the engine is there when the user picks the first file.
 *
 * @typeParam AppData what `appData` of its uploads is. For the compiler alone: nothing checks what an earlier version of the app has kept.
 *   Default: unknown
 * @throws UploadError "invalid-option" for options that can never work
 */
export function createUploader<AppData = unknown>(options: UploaderOptions): Uploader<AppData> {
  const checked = checkOptions(options);
  const clock = systemClock();
  const warn = warnOnce();
  const { connection } = checked;
  const onUnresumable = (id: string) => uploader.becameUnresumable(id);
  const life = browserPageLife();
  const tools: EngineTools = { checked, clock, life, warn, onUnresumable, insecure: insecureContext };
  const engine = once(() => loadEngine(tools));
  const check = (upload: UploadOptions) => {
    const checkedUpload = checkUploadOptions(upload, (target) => connection.check(target));
    const insecure = insecureContext();
    if (insecure !== undefined) throw insecure;
    return checkedUpload;
  };
  const awake = screenWakeLock();
  const question = leaveQuestion();
  const { keepAwake, warnBeforeUnload } = checked;
  const onActivity = ({ moving, losable }: Activity) => {
    awake.set(keepAwake && moving);
    question.set(
      warnBeforeUnload === "always"
        ? moving
        : warnBeforeUnload === "when-needed" && losable && !engine.made()?.goesOn(),
    );
  };
  const uploader = new UploaderHandle({
    engine: engine.get,
    retry: checked.retry,
    online: () => navigator.onLine,
    clock,
    life,
    durable: checked.settings.durable,
    keepSettled: checked.keepSettled,
    warn,
    check,
    fixed: (target) => connection.fixed(target),
    urlOf: (key) => {
      connection.check({ key });
      return connection.urlOf?.(key) ?? "";
    },
    onRequest: checked.onRequest,
    onActivity,
    onLeave: (left) => engine.made()?.leaves(left),
    onClose: (releaseFiles) => engine.onceMade((made) => made.close(releaseFiles)),
  });
  if (globalThis.document !== undefined) engine.get().catch(laterAgain);
  return uploader as Uploader<AppData>;
}

function loadEngine(tools: EngineTools): Promise<Engine> {
  return loading(
    "engine",
    import("./create-engine.js").then(({ createEngine }) => createEngine(tools)),
  );
}

/** A failed load is no error yet: the first upload tries again, and tells that it waits. */
const laterAgain = () => undefined;

/** All callers share one call of `make`. After a failure the next caller starts another one. */
function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  let isMade: T | undefined;
  return {
    /** What was made, if it is there by now. */
    made: () => isMade,
    get: (): Promise<T> => {
      made ??= make();
      const making = made;
      making.then(
        (thing) => {
          isMade = thing;
        },
        () => {
          if (made === making) made = undefined;
        },
      );
      return making;
    },
    /**
     * Uses what was made, or is being made, if anything.
     * @returns when that is done; at once while it is being made, which may take for ever
     */
    onceMade: async (use: (thing: T) => Promise<void>): Promise<void> => {
      // The caller of get() had its error.
      const used = made?.then(use, () => undefined);
      if (isMade) await used;
    },
  };
}

/** Node and what imitates browsers lack some of it as well. */
function insecureContext(): UploadError | undefined {
  const { navigator, crypto, location } = globalThis;
  if (navigator?.locks && crypto?.subtle && "addEventListener" in globalThis) return undefined;
  return new UploadError(
    "misconfigured",
    `This page (${location?.origin}) is not a secure context: it has neither WebCrypto nor Web Locks`,
    { hint: "Serve it over https or from localhost, to a browser." },
  );
}

function warnOnce(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) console.warn(`Ossicle: ${message}`);
    said.add(message);
  };
}
