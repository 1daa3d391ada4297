/** Runs what pages hand over, in a worker that outlives them. Laws: crash-only; nothing outlives its run. */
import type { Upload } from "../api/upload.js";
import { checkUploadOptions } from "../check-upload-options.js";
import { composeEngine, type EngineOptions } from "../compose-engine.js";
import { broadcastChannels } from "../platform/channels.js";
import type { Clock } from "../platform/clock.js";
import type { LeftMark } from "../platform/left-mark.js";
import { webLocks } from "../platform/locks.js";
import { online } from "../platform/network-status.js";
import type { PageLife } from "../platform/page-life.js";
import { isOf, lettingGo } from "../run/pageless.js";
import { ossConnection } from "../store/oss/oss-adapter.js";
import { ossOptionsOf } from "../store/oss/portable-oss.js";
import { isWorking } from "../upload/state.js";
import type { UploadHandle } from "../upload/upload-handle.js";
import { UploaderHandle } from "../upload/uploader-handle.js";
import type { ByteWorkers } from "../workers/byte-workers.js";
import type { HandedOver } from "./messages.js";

export interface WithoutPageTools {
  readonly clock: Clock;
  readonly workers: (stallTimeoutMs: number) => ByteWorkers;
  /** Called with the ids under which pages know an upload that is completed. */
  readonly onCompleted: (scope: string, ids: readonly string[]) => void;
}

/** An upload that goes on. */
interface GoingOn {
  readonly upload: UploadHandle;
  readonly scope: string;
  readonly known: readonly string[];
}

export class WithoutPage {
  readonly #tools: WithoutPageTools;
  readonly #goingOn = new Set<GoingOn>();

  constructor(tools: WithoutPageTools) {
    this.#tools = tools;
  }

  /** @returns when all of it is completed, has failed, or was taken over by a page. Rejects only for what can never go on */
  async goOn(handed: HandedOver): Promise<void> {
    const options = ossOptionsOf(handed.store);
    if (options === undefined) return;
    const checked: EngineOptions = { ...handed.engine, connection: ossConnection(options), checkpoints: undefined };
    const uploader = uploaderOf(checked, handed, this.#tools);
    const { scope } = checked.settings;
    const uploads = handed.uploads.map(({ source, options, known }): GoingOn => {
      const upload = uploader.upload(source, options) as Upload as UploadHandle;
      return { upload, scope, known };
    });
    for (const each of uploads) this.#goingOn.add(each);
    await Promise.all(uploads.map((each) => this.#ended(each)));
    for (const each of uploads) this.#goingOn.delete(each);
    await uploader.close();
  }

  async #ended({ upload, scope, known }: GoingOn): Promise<void> {
    await ended(upload);
    if (upload.state.phase !== "completed") return;
    const { checkpointId } = upload;
    this.#tools.onCompleted(scope, [...known, ...(checkpointId === undefined ? [] : [checkpointId])]);
  }

  /** Nobody wants it any more. @param ids under which pages know it. Default: all of the scope */
  stop(scope: string, ids?: readonly string[]): void {
    for (const { upload, scope: ofScope, known } of this.#goingOn) {
      if (ofScope !== scope) continue;
      if (ids === undefined || [upload.checkpointId ?? "", ...known].some((id) => ids.includes(id))) upload.leave();
    }
  }
}

function uploaderOf(checked: EngineOptions, handed: HandedOver, { clock, workers }: WithoutPageTools): UploaderHandle {
  const { connection, retry, settings } = checked;
  const threads = workers(retry.stallTimeoutMs);
  // A page that wants one goes on as after any reload.
  const onWanted = (lock: string) => {
    for (const upload of handlesOf(uploader)) if (isOf(lock, upload)) upload.leave();
  };
  const locks = lettingGo(webLocks(), broadcastChannels(), onWanted);
  // Nobody would see it.
  const warn = () => undefined;
  const nobody = { warn, onUnresumable: () => undefined };
  const here = {
    workers: threads,
    locks,
    known: handed.line,
    controlled: () => handed.controlled,
    pageless: true,
    ...{ life: stays, watchBeforeLeaving: never, keeper: undefined, leftMark: noMark },
  };
  const engine = composeEngine({ ...nobody, ...here, checked, clock }, () => ({
    leaves: () => undefined,
    goesOn: () => false,
    diagnose: () => Promise.reject(new Error("There is no page to look at")),
    close: () => threads.close(),
  }));
  const uploader: UploaderHandle = new UploaderHandle({
    engine: () => engine,
    ...{ retry, online, clock, warn },
    life: stays,
    ...{ durable: settings.durable, keepSettled: Number.POSITIVE_INFINITY },
    check: (upload) => checkUploadOptions(upload, (target) => connection.check(target)),
    fixed: (target) => connection.fixed(target),
    urlOf: (key) => connection.urlOf?.(key) ?? "",
    ...{ onRequest: undefined, onActivity: () => undefined },
    onClose: async () => await (await engine).close(false),
  });
  return uploader;
}

/** No user leaves it. */
const never = () => () => undefined;
const stays: PageLife = { watch: never };
const noMark: LeftMark = { set: () => undefined, isFresh: () => false };

function handlesOf({ uploads }: UploaderHandle): readonly UploadHandle[] {
  return uploads as readonly Upload[] as readonly UploadHandle[];
}

/** It is completed, has failed, or rests because a page has it. */
function ended(upload: Upload): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (isWorking(upload.state)) return;
      leave();
      resolve();
    };
    const leave = upload.subscribe(look);
    look();
  });
}
