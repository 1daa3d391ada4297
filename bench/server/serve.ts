/** The process that all uploads go to: one emulator as a sink, and beside it the sink for other dialects. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@ossicle/oss-emulator";
import { serveCalls } from "../calls.js";
import { bucketNames } from "../files.js";
import { createOtherDialects } from "./other-dialects.js";
import { tallyEmulator } from "./tallied.js";
import { Tally } from "./tally.js";

/** Where it listens; with a line, the end of it that is not the browser's. */
const [, , host = "127.0.0.1"] = process.argv;
const data = await mkdtemp(join(tmpdir(), "ossicle-bench-server-"));
const emulator = await startEmulator({
  data,
  host,
  buckets: bucketNames.map((name) => ({ name, acl: "public-read-write" })),
  sink: { hash: "once" },
});
const tally = new Tally();
tallyEmulator(emulator, tally);
const others = createOtherDialects(tally).listen(0, host);
await once(others, "listening");

const calls = {
  async ports() {
    return { host, oss: emulator.port, others: (others.address() as AddressInfo).port };
  },
  async reset() {
    tally.reset();
    emulator.clearRequests();
  },
  async counts() {
    return tally.counts;
  },
  reach: (bytes: number) => tally.reach(bytes),
  idle: () => tally.idle(),
  /** The first request with bytes of this key is stored, and never answered, until `calm`. */
  async silence(key: string) {
    emulator.faults.add({
      on: ["PutObject", "PostObject", "UploadPart"],
      key,
      fault: { kind: "stall", when: "before-answer" },
    });
  },
  /** Every answer comes so much later, until `calm`. */
  async delay(ms: number) {
    emulator.faults.add({ on: "any", times: "always", fault: { kind: "delay", ms, when: "before-answer" } });
  },
  async calm() {
    emulator.faults.clear();
  },
  /** CPU seconds of this process so far. */
  async cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  async close() {
    others.closeAllConnections();
    others.close();
    await emulator.close();
    await rm(data, { recursive: true, force: true });
  },
};
export type ServerCalls = typeof calls;

serveCalls(calls);
