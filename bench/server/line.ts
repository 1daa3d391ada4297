/** A process that is a slow line: a proxy whose connections each have a rate upwards and a round-trip time. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { serveCalls } from "../calls.js";
import { createDelay } from "./delay.js";

const [target = "", roundTripMs = "", bytesPerSecond = ""] = process.argv.slice(2);
const oneWayMs = Number(roundTripMs) / 2;
const open = new Set<Socket>();
/** Since `freeze`, nothing arrives. */
let isFrozen = false;

/** Reads as fast as the line takes it, so that the sender is held back as it would be by a real one. */
function carry(from: Socket, to: Socket, options: { readonly bytesPerMs: number; readonly idleMs: number }): void {
  const delay = createDelay({ ...options, oneWayMs, now: performance.now() });
  const inOrder: { at: number; bytes: Buffer | undefined }[] = [];
  let isWaiting = false;
  const deliver = (): void => {
    isWaiting = false;
    if (isFrozen) return;
    while (inOrder[0] !== undefined && inOrder[0].at <= performance.now() + 0.5) {
      const bytes = inOrder.shift()?.bytes;
      if (bytes === undefined) to.end();
      else to.write(bytes);
    }
    if (inOrder[0] !== undefined) deliverAt(inOrder[0].at);
  };
  const deliverAt = (at: number): void => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(deliver, Math.max(0, at - performance.now()));
  };
  const push = (at: number, bytes: Buffer | undefined): void => {
    inOrder.push({ at, bytes });
    deliverAt(at);
  };
  from.on("data", (bytes: Buffer) => {
    const { arrivesAt, readOnAt } = delay.take(bytes.length, performance.now());
    push(arrivesAt, bytes);
    const waitMs = readOnAt - performance.now();
    if (waitMs < 1) return;
    from.pause();
    setTimeout(() => from.resume(), waitMs);
  });
  from.on("end", () => push(delay.take(0, performance.now()).arrivesAt, undefined));
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ port: Number(target), host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    open.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      open.delete(socket);
      other.destroy();
    });
  }
  // The kernel has accepted at once; a real line would have carried a handshake there and back first.
  carry(client, upstream, { bytesPerMs: Number(bytesPerSecond) / 1000, idleMs: 2 * oneWayMs });
  carry(upstream, client, { bytesPerMs: Number.POSITIVE_INFINITY, idleMs: 0 });
}).listen(0, "127.0.0.1");
await once(server, "listening");

const calls = {
  async port() {
    return (server.address() as AddressInfo).port;
  },
  /** Nothing arrives any more, in either direction, until `drop`. */
  async freeze() {
    isFrozen = true;
  },
  /** Ends every connection with all that is still on it; new ones work. */
  async drop() {
    for (const socket of open) socket.destroy();
    isFrozen = false;
  },
  async close() {
    for (const socket of open) socket.destroy();
    server.close();
  },
};
export type LineCalls = typeof calls;

serveCalls(calls);
