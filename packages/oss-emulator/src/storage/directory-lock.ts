/**
 * Keeps two emulators from one data directory: each would not see, and would remove, the other's files. Whoever has it answers
 * on a port of this machine with a word that is in the lock file. A process id alone says nothing: once its owner was killed it
 * may be anybody's, and as the first process of a container it is always 1.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { join, resolve } from "node:path";

interface Holder {
  readonly pid: number;
  readonly port: number;
  readonly word: string;
}

const answerMs = 2000;

/** @returns undefined for what no emulator has written */
function parseHolder(text: string): Holder | undefined {
  const [, pid, port, word] = /^(\d{1,10})\nport (\d{1,5})\nword ([0-9a-f-]{36})\n$/.exec(text) ?? [];
  return word === undefined ? undefined : { pid: Number(pid), port: Number(port), word };
}

/** Whether it lives. "silent": its port is taken, and says nothing; it may be stopped in a debugger. */
function isAlive({ port, word }: Holder): Promise<boolean | "silent"> {
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
    socket.on("end", () => end(heard === word));
    socket.on("data", (piece: string) => {
      heard += piece;
      if (heard.length >= word.length) end(heard === word);
    });
  });
}

/** Tells whoever asks that this one lives, until it is closed. */
async function answerWith(word: string): Promise<net.Server> {
  const server = net.createServer((socket) => {
    // Whoever asks may be gone by now.
    socket.on("error", () => undefined);
    socket.end(word);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server.unref();
}

/** Whole from its first moment, or not at all. @returns false when there is such a file already */
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

/** Removes the file if it still holds `text`: another may have removed it first, and put his own there. */
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
      const remedy = isHeld === "silent" ? `; it says nothing: if there is none, delete ${path}` : "";
      throw new Error(
        `data directory ${directory} is in use by the emulator with process id ${holder.pid}; close it first${remedy}`,
      );
    }
    await removeFile(path, found);
  }
}

/**
 * @returns how to let it go
 * @throws Error when a living emulator has it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const path = join(resolve(directory), "emulator.pid");
  const word = randomUUID();
  const server = await answerWith(word);
  const stop = () => new Promise((resolve) => server.close(resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await take(directory, path, `${process.pid}\nport ${port}\nword ${word}\n`);
  } catch (error) {
    await stop();
    throw error;
  }
  return async () => {
    await rm(path, { force: true });
    await stop();
  };
}
