/**
 * A real line: what runs in a network namespace has one way out, which the kernel shapes. A browser feels it as it feels a DSL or
 * 4G uplink. It cannot feel a server that reads slowly: loopback's socket buffers swallow whole files.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "./command.js";
import { guard } from "./guard.js";
import { bucketOf, checkShape, mostLines, type Names, namesOf, type Shape } from "./shape.js";

export interface Line {
  /** Of the network namespace. */
  readonly name: string;
  /** This machine's address as programs on the line know it. What listens there is reached over the line. */
  readonly host: string;
  /** Also while bytes are on it. What is left out stays as it is. @throws TypeError for what no line can be */
  change(shape: Partial<Shape>): Promise<void>;
  /** Bytes that went up so far, with all headers, preflights and what TCP sent again. */
  carriedBytes(): Promise<number>;
  /** What to start for a program to run on the line. */
  within(program: string, ...args: readonly string[]): readonly [program: string, ...args: string[]];
  /** @returns the path of a script that starts the program on the line, for those who want a path. It is gone with the line */
  wrapper(program: string): Promise<string>;
  /**
   * Lets a server of this process answer at 127.0.0.1 of the line, where a page is a secure context. Its bytes do not go over the
   * line. @returns the port
   */
  listen(server: Server, port?: number): Promise<number>;
  /** Ends every program on the line, and the line. */
  close(): Promise<void>;
}

/** Why there can be no line here. */
export class NoLine extends Error {
  override readonly name = "NoLine";
}

const downKbit = 50_000;
const listenWithin = fileURLToPath(new URL("listen-within.mjs", import.meta.url));

/** @throws NoLine where the system does not let us; TypeError for what no line can be */
export async function openLine(shape: Shape): Promise<Line> {
  let now = checkShape(shape);
  if (process.platform !== "linux") throw new NoLine("a line needs Linux: network namespaces are its own");
  if (process.getuid?.() !== 0) throw new NoLine("a line needs root: it makes a network namespace");
  const names = await freeNames();
  const directory = await mkdtemp(join(tmpdir(), `${names.namespace}-`));
  const close = guard(names, directory);
  try {
    await connect(names, now);
  } catch (error) {
    await close();
    throw new NoLine(`this system cannot shape a line: ${(error as Error).message}`, { cause: error });
  }
  const within: Line["within"] = (program, ...args) => ["ip", "netns", "exec", names.namespace, program, ...args];
  return {
    name: names.namespace,
    host: names.outside,
    async change(wanted) {
      now = checkShape({ ...now, ...wanted });
      await command("tc", "-n", names.namespace, "qdisc", "change", "dev", "uplink", "root", ...bucketOf(now));
    },
    async carriedBytes() {
      const text = await command("tc", "-n", names.namespace, "-s", "-j", "qdisc", "show", "dev", "uplink");
      return (JSON.parse(text) as readonly { readonly bytes: number }[])[0]?.bytes ?? 0;
    },
    within,
    async wrapper(program) {
      const path = join(directory, "on-the-line");
      await writeFile(path, `#!/bin/sh\nexec ip netns exec ${names.namespace} '${program}' "$@"\n`);
      await chmod(path, 0o755);
      return path;
    },
    listen: (server, port = 0) => listen(within, server, port),
    close,
  };
}

/** For as long as `work` runs. */
export async function withLine<T>(shape: Shape, work: (line: Line) => Promise<T>): Promise<T> {
  const line = await openLine(shape);
  try {
    return await work(line);
  } finally {
    await line.close();
  }
}

/** @returns undefined where lines can be had, else why not, as a sentence */
export async function whyNoLine(): Promise<string | undefined> {
  try {
    await withLine({ kbit: 1000 }, async () => {});
    return undefined;
  } catch (error) {
    if (error instanceof NoLine) return error.message;
    throw error;
  }
}

/** Whoever makes the namespace has the number: the system makes none twice. */
async function freeNames(): Promise<Names> {
  for (let n = 0; n < mostLines; n += 1) {
    const names = namesOf(n);
    try {
      await command("ip", "netns", "add", names.namespace);
      return names;
    } catch (error) {
      const { message } = error as Error;
      if (message.includes("File exists")) continue;
      const missing = message.includes("ENOENT") ? "there is no program `ip` (Debian: iproute2)" : message;
      throw new NoLine(`this system makes no network namespace: ${missing}`, { cause: error });
    }
  }
  throw new NoLine(`there are ${mostLines} lines already`);
}

async function connect({ namespace, link, outside, inside }: Names, shape: Shape): Promise<void> {
  const of = (...args: readonly string[]) => command("ip", ...args);
  await of("link", "add", link, "type", "veth", "peer", "name", "uplink", "netns", namespace);
  // No packets larger than a line carries: a token bucket would let 64 KiB through at once.
  await of("link", "set", link, "gso_max_segs", "1");
  await of("-n", namespace, "link", "set", "uplink", "gso_max_segs", "1");
  await of("addr", "add", `${outside}/30`, "dev", link);
  await of("link", "set", link, "up");
  await of("-n", namespace, "addr", "add", `${inside}/30`, "dev", "uplink");
  await of("-n", namespace, "link", "set", "uplink", "up");
  await of("-n", namespace, "link", "set", "lo", "up");
  await command("tc", "-n", namespace, "qdisc", "add", "dev", "uplink", "root", ...bucketOf(shape));
  await command("tc", "qdisc", "add", "dev", link, "root", ...bucketOf({ kbit: downKbit, queueMs: 100 }));
  await command("ip", "netns", "exec", namespace, "sh", "-c", likeOtherMachines);
}

/**
 * Most systems send by Cubic, which fills the queue; Reno does so too, and a namespace may always have it. What one connection has
 * learnt of a line must not decide how the next one begins. Where these settings cannot be written they stay as they are.
 */
const likeOtherMachines = `cd /proc/sys/net/ipv4
echo cubic > tcp_congestion_control || echo reno > tcp_congestion_control
echo 1 > tcp_no_metrics_save
true`;

async function listen(within: Line["within"], server: Server, port: number): Promise<number> {
  const [program, ...args] = within(process.execPath, listenWithin, String(port));
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [address, handle] = (await once(child, "message")) as [{ readonly port: number }, Server];
  server.listen(handle);
  await once(server, "listening");
  child.disconnect();
  return address.port;
}

/** Carries the bytes of one connection over to another, both ways, until both have ended. */
export function joinSockets(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
  }
}
