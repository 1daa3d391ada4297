/** What a page hands over to the worker that goes on after it. All of it survives structured clone. Types, and who understands whom. */

import type { UploadOptions, UploadSource } from "../api/upload.js";
import type { EngineOptions } from "../compose-engine.js";
import type { KnownLine } from "../line.js";
import type { PortableStore } from "../store/portable-store.js";

/** A worker of another version is another worker: it is part of its name. Raise it with every change of this file. */
const version = 1;

/** The first message of the worker to each page that connects: it runs. */
export interface Hello {
  readonly ossicle: "after-page";
  readonly version: number;
}
export const hello: Hello = { ossicle: "after-page", version };

export function isHello(data: unknown): data is Hello {
  const { ossicle, version: said } = Object(data) as Partial<Hello>;
  return ossicle === hello.ossicle && said === version;
}

/** What was under way in one uploader when its page was left. */
export interface HandedOver extends Hello {
  readonly store: PortableStore;
  readonly engine: Omit<EngineOptions, "connection" | "checkpoints">;
  readonly line: KnownLine | undefined;
  /** Had the page a service worker? */
  readonly controlled: boolean;
  readonly uploads: readonly HandedUpload[];
}

export interface HandedUpload {
  readonly source: UploadSource;
  readonly options: UploadOptions;
  /** Ids under which pages know it: of its checkpoint, of its note, and as one that was queued. */
  readonly known: readonly string[];
}

/** @returns whether it is what a page of this version hands over */
export function isHandedOver(data: unknown): data is HandedOver {
  return isHello(data) && "uploads" in data;
}
