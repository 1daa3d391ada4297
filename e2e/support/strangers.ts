/** Who may answer in the store's place, and what the page must make of it. */
import type { Fault } from "@ossicle/oss-emulator";
import type { UploadErrorCode } from "../../packages/core/src/index.js";
import { type Action, actions } from "./fault-story.js";

type Stranger = Extract<Fault, { kind: "stranger" }>;

export const html = "<!doctype html><title>Welcome</title><p>You are offline.";
export const asHtml = { "content-type": "text/html; charset=utf-8" };
const asJson = { "content-type": "application/json" };
const elsewhere = "/_emulator/elsewhere";
const stranger = (answer: Omit<Stranger, "kind">): Stranger => ({ kind: "stranger", ...answer });

/** None has done what was asked for. */
export const strangers = {
  "an empty 200": stranger({}),
  "an HTML page and 200": stranger({ body: html, headers: asHtml }),
  "JSON and 200": stranger({ body: '{"ok":true}', headers: asJson }),
  "an empty 204": stranger({ status: 204 }),
  "an empty 203": stranger({ status: 203 }),
  "an HTML page and 203": stranger({ status: 203, body: html, headers: asHtml }),
  "an HTML page and 404": stranger({ status: 404, body: html, headers: asHtml }),
  "an empty 404": stranger({ status: 404 }),
  "302 to an empty 200": stranger({ status: 302, location: elsewhere }),
  "302 to a page": stranger({ status: 302, location: `${elsewhere}?body=Welcome` }),
  "307 to an empty 200": stranger({ status: 307, location: elsewhere }),
  "307 to a page": stranger({ status: 307, location: `${elsewhere}?body=Welcome` }),
  "308 to an empty 200": stranger({ status: 308, location: elsewhere }),
} as const satisfies Readonly<Record<string, Stranger>>;
export type StrangerName = keyof typeof strangers;
export const strangerNames = Object.keys(strangers) as readonly StrangerName[];

/** What the first such answer is to the page; null: like the store's own, to what is done or not there. */
export function meets(name: StrangerName, action: Action): UploadErrorCode | null {
  if (name === "an empty 204" && action === "AbortMultipartUpload") return null;
  if (name !== "an empty 404") return "server";
  if (action === "HeadObject" || action === "AbortMultipartUpload") return null;
  return action === "PutObject" || action === "InitiateMultipartUpload" ? "rejected" : "upload-gone";
}

export const integrities = ["md5+crc64", "crc64", "none"] as const;

export interface Case {
  readonly name: StrangerName;
  readonly action: Action;
  readonly withCallback: boolean;
  /** Names the case, and its object. */
  readonly key: string;
}

/**
 * Every stranger to every request that `isWanted`, each pair with one of the three integrities; the callback goes round.
 *
 * @param always requests that are wanted with all three
 */
export function casesFor(
  integrity: (typeof integrities)[number],
  isWanted: (name: StrangerName, action: Action) => boolean,
  always: readonly Action[] = [],
): readonly Case[] {
  const turn = integrities.indexOf(integrity);
  return strangerNames.flatMap((name, row) =>
    actions
      .filter((action) => isWanted(name, action))
      .filter((action) => always.includes(action) || (row + actions.indexOf(action)) % integrities.length === turn)
      .map((action) => {
        const withCallback = (row + turn) % 2 === 1;
        return { name, action, withCallback, key: `${action}, ${name}${withCallback ? ", callback" : ""}` };
      }),
  );
}
