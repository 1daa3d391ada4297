/**
 * How pages and the shared workers that keep files meet: by a channel and by locks, not by ports, so that a worker that another page has
 * started, from whatever URL, is asked as well, and none is started by asking.
 */
import { type Asked, sealed } from "./messages.js";

export const channelName = "ossicle-keeper";

/** Each worker that keeps files holds a lock whose name begins so: where there is none nobody has to be waited for. */
const lockPrefix = "ossicle-keeper:";

export function keeperLock(): string {
  return lockPrefix + crypto.randomUUID();
}

/** @param held the names of all locks that are held. @returns how many workers keep files */
export function keepersAmong(held: ReadonlySet<string>): number {
  return [...held].filter((name) => name.startsWith(lockPrefix)).length;
}

/** A message of a page to all keepers, or one keeper's answer to it. */
export interface Broadcast {
  /** Of the question that it is, or answers. */
  readonly question: string;
  readonly from: "page" | "keeper";
  readonly said: unknown;
}

export function isBroadcast(data: unknown, from: Broadcast["from"]): data is Broadcast {
  const { question, from: said } = Object(data) as Partial<Broadcast>;
  return typeof question === "string" && said === from;
}

export type OpenChannel = (name: string) => Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** Tells all keepers, and does not wait for them. Never throws. */
export function tellKeepers(said: Asked, open = openChannel): void {
  try {
    const channel = open(channelName);
    channel.postMessage({ question: "", from: "page", said: sealed(said) } satisfies Broadcast);
    channel.close();
  } catch {
    // A page that may open no channel has no such keeper.
  }
}

export const openChannel: OpenChannel = (name) => new BroadcastChannel(name);
