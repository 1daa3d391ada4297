/** A layer keeps every promise of a store. Law: a layer is a store that wraps a store. */
import { Line } from "../../src/line.js";
import { createSlots } from "../../src/slots.js";
import { ConnectionCount } from "../../src/store/connection-count.js";
import { limited } from "../../src/store/limited.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { persisting, retrying } from "../../src/store/retrying.js";
import { describeObjectStore } from "../contracts/object-store.contract.js";
import { ossNames } from "../contracts/store-dialect.js";
import { memoryStoreUnderTest } from "./memory-store-under-test.js";

const tools = {
  clock: {
    now: () => 0,
    elapsed: () => 0,
    sleep: async (_: number, signal: AbortSignal) => signal.throwIfAborted(),
  },
  network: { online: () => true, whenOnline: async () => undefined },
  random: () => 0,
};
const policy = { giveUpAfterMs: 0, baseDelayMs: 0, maxDelayMs: 0 };

function describeLayer(name: string, wrap: (store: ObjectStore) => ObjectStore): void {
  describeObjectStore(`${name} around memory-store`, ossNames, async () => {
    const world = memoryStoreUnderTest();
    return { ...world, store: wrap(world.store) };
  });
}

describeLayer("retrying", (store) => retrying(store, persisting(policy, tools)));
const connections = { slots: createSlots(1), line: new Line(() => 0, new ConnectionCount(6)) };
describeLayer("limited", (store) => limited(store, connections));
