/**
 * Keeps a second emulator from a data directory: each would not know the other's files, and would remove them. The emulator that holds
 * the lock answers on a local port with the nonce from its lock file. A process id would prove nothing: after its owner was killed
 * another process may have it, and in a container it is always 1.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { join, resolve } from "node:path";

interface Holder {
  readonly pid: number;
  readonly port: number;
  readonly nonce: string;
}

const answerMs = 2000;

/** @returns undefined for a text that no emulator has written */
function parseHolder(text: string): Holder | undefined {
  const [, pid, port, nonce] = /^(\d{1,10})\nport (\d{1,5})\nnonce ([0-9a-f-]{36})\n$/.exec(text) ?? [];
  return nonce === undefined ? undefined : { pid: Number(pid), port: Number(port), nonce };
}

/** Whether the holder still runs. "silent": its port takes connections and does not answer, as in a debugger. */
function isAlive({ port, nonce }: Holder): Promise<boolean | "silent"> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = net.connect(port, "127.0.0.1");
    const end = (isHeld: boolean | "silent"): void => {
      socket.destroy();
      resolve(isHeld);
    };
    socket.setEncoding("latin1");
    socket.setTimeout(answerMs, () => end("silent"));
    socket.on("error", () => end(false));
    socket.on("end", () => end(heard === nonce));
    socket.on("data", (piece: string) => {
      heard += piece;
      if (heard.length >= nonce.length) end(heard === nonce);
    });
  });
}

/** Answers every connection with the nonce, until the server is closed. */
async function answerWith(nonce: string): Promise<net.Server> {
  const server = net.createServer((socket) => {
    // The other side may have left already.
    socket.on("error", () => undefined);
    socket.end(nonce);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server.unref();
}

/** Creates a file whose text is complete when the file appears. @returns false if there is such a file already */
async function createFile(path: string, text: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the file if it still holds `text`. Another emulator may have replaced it by its own meanwhile. */
async function removeFile(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(ifGone);
  const taken = await readFile(aside, "utf8").catch(ifGone);
  if (taken === undefined) return;
  if (taken !== text) await createFile(path, taken);
  await rm(aside, { force: true });
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

async function take(directory: string, path: string, text: string): Promise<void> {
  while (!(await createFile(path, text))) {
    const found = await readFile(path, "utf8").catch(ifGone);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    const isHeld = holder !== undefined && (await isAlive(holder));
    if (holder !== undefined && isHeld !== false) {
      const remedy = isHeld === "silent" ? `; it does not answer: if it does not run, delete ${path}` : "";
      throw new Error(
        `data directory ${directory} is in use by the emulator with process id ${holder.pid}; close it first${remedy}`,
      );
    }
    await removeFile(path, found);
  }
}

/**
 * Locks a data directory, which is made if it does not exist.
 *
 * @returns a function that unlocks it
 * @throws Error if a running emulator holds the lock
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(resolve(directory), "emulator.pid");
  const nonce = randomUUID();
  const server = await answerWith(nonce);
  const stop = () => new Promise((resolve) => server.close(resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await take(directory, path, `${process.pid}\nport ${port}\nnonce ${nonce}\n`);
  } catch (error) {
    await stop();
    throw error;
  }
  return async () => {
    await rm(path, { force: true });
    await stop();
  };
}
