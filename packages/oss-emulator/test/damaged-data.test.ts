/** Damaged and foreign files in the data directory: the emulator starts, or names the file and says what to do. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../src/index.js";
import { createClient } from "./signed-client.js";
import { emulatorWith, temporaryDirectory } from "./world.js";

function open(data: string): Promise<Emulator> {
  return startEmulator({ data, buckets: ["demo"] });
}

/** A directory with one object and one upload of one part, and what an emulator of it wrote of itself. */
async function leftBehind(): Promise<{ data: string; lock: string; object: string; upload: string }> {
  const data = await temporaryDirectory();
  const emulator = await open(data);
  const client = createClient(emulator);
  await client.put("k", "x");
  await client.part("u", await client.initiate("u"), 1, Buffer.from("x"));
  const lock = await readFile(join(data, "emulator.pid"), "utf8");
  await emulator.close();
  const only = async (kind: string): Promise<string> =>
    join(data, "demo", kind, (await readdir(join(data, "demo", kind)))[0] ?? "");
  return { data, lock, object: await only("objects"), upload: await only("uploads") };
}

const nonsense: readonly string[] = [
  "",
  "{",
  "null",
  "[]",
  "1",
  '"x"',
  "{}",
  "\u0000\u0000\u0000",
  '{"key":1}',
  '{"__proto__":{"key":"k"}}',
];

describe("a manifest", () => {
  test.each(nonsense)("that holds %j stops the start with the file's name and what to do", async (text) => {
    const { data, object } = await leftBehind();
    await writeFile(object, text);

    await expect(open(data)).rejects.toThrow(`${object} is damaged (`);
    await expect(open(data)).rejects.toThrow("delete it to start without the object that it describes");
  });

  test.each(["key", "size", "etag", "type", "lastModified", "headers", "storageClass", "bodies", "encryption"])(
    "that has lost its %s is named",
    async (field) => {
      const { data, object } = await leftBehind();
      const { [field]: _, ...rest } = JSON.parse(await readFile(object, "utf8")) as Record<string, unknown>;
      await writeFile(object, JSON.stringify(rest));

      await expect(open(data)).rejects.toThrow(`${object} is damaged (`);
    },
  );

  test("with a path that leads out of the directory stops the start with the file's name", async () => {
    const { data, object } = await leftBehind();
    const record = JSON.parse(await readFile(object, "utf8")) as object;
    await writeFile(object, JSON.stringify({ ...record, bodies: [{ id: "../../../etc/passwd", size: 1 }] }));

    await expect(open(data)).rejects.toThrow("object.bodies[].id is not a file name of the emulator");
  });

  test("that is deleted as the error says costs that object only", async () => {
    const { data, object } = await leftBehind();
    await writeFile(object, "{");
    const { message } = (await open(data).catch((error: unknown) => error)) as Error;
    await rm(message.split(" is damaged")[0] ?? "");

    const emulator = await emulatorWith({ data });

    expect([emulator.objects("demo").length, emulator.uploads("demo").length]).toEqual([0, 1]);
  });
});

describe("a journal", () => {
  test.each(nonsense.filter((text) => text !== ""))("whose first line is %j is named", async (text) => {
    const { data, upload } = await leftBehind();
    await writeFile(upload, `${text}\n`);

    await expect(open(data)).rejects.toThrow(`${upload} is damaged (`);
    await expect(open(data)).rejects.toThrow("delete it to start without the upload that it describes");
  });

  test.each(nonsense)("with a part of %j is named", async (text) => {
    const { data, upload } = await leftBehind();
    await writeFile(upload, `${await readFile(upload, "utf8")}${text}\n`);

    await expect(open(data)).rejects.toThrow(`${upload} is damaged (`);
  });
});

test("files of other programs beside the emulator's stay", async () => {
  const { data } = await leftBehind();
  const places = ["objects", "uploads", "bodies"].map((kind) => join(data, "demo", kind));
  for (const place of places) {
    await writeFile(join(place, ".DS_Store"), "\u0000");
    await mkdir(join(place, "directory"));
  }

  await (await open(data)).close();
  const emulator = await emulatorWith({ data });

  expect([emulator.objects("demo").length, emulator.uploads("demo").length]).toEqual([1, 1]);
  for (const place of places) expect(await readdir(place)).toEqual(expect.arrayContaining([".DS_Store", "directory"]));
});

/** Another program, which runs until the test ends. */
function bystander(): ChildProcess & { readonly pid: number } {
  const child = spawn("node", ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child as ChildProcess & { readonly pid: number };
}

async function portThat(answers: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer(answers);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe("a lock", () => {
  test.each<[string, (lock: string) => string | Promise<string>]>([
    ["nothing", () => ""],
    ["garbage", () => "\u0000{]"],
    ["an impossible process id", () => "99999999999999999999\n"],
    ["zero", () => "0\n"],
    ["the process id of another program", () => `${bystander().pid}\n`],
    ["the id of the first process, which is another user's", () => "1\n"],
    ["this process's own id", () => `${process.pid}\n`],
    ["an emulator that has ended", (lock) => lock],
    [
      "an emulator that has ended and whose process id another program has",
      (lock) => lock.replace(/^\d+/, String(bystander().pid)),
    ],
    [
      "an emulator that has ended and on whose port another program answers",
      async (lock) =>
        lock.replace(/port \d+/, `port ${await portThat((socket) => socket.end("HTTP/1.1 400\r\n\r\n"))}`),
    ],
    [
      "an emulator that has ended and whose port another program resets",
      async (lock) => lock.replace(/port \d+/, `port ${await portThat((socket) => socket.resetAndDestroy())}`),
    ],
  ])("with %s does not stop the next emulator", async (_, textOf) => {
    const { data, lock } = await leftBehind();
    await writeFile(join(data, "emulator.pid"), await textOf(lock));

    const emulator = await emulatorWith({ data });

    expect(emulator.objects("demo")).toHaveLength(1);
  });

  test("whose emulator does not answer stops the next one, and the error says what to delete", async () => {
    const { data, lock } = await leftBehind();
    const sockets: net.Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const port = await portThat((socket) => sockets.push(socket));
    const path = join(data, "emulator.pid");
    await writeFile(path, lock.replace(/port \d+/, `port ${port}`));

    await expect(open(data)).rejects.toThrow(`it does not answer: if it does not run, delete ${path}`);
  });

  test.each(["no earlier emulator", "one that has ended"])(
    "goes to one of four emulators that start at once, after %s",
    async (left) => {
      const { data, lock } = await leftBehind();
      if (left !== "no earlier emulator") await writeFile(join(data, "emulator.pid"), lock);

      const started = await Promise.allSettled([open(data), open(data), open(data), open(data)]);

      const running = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      for (const emulator of running) await emulator.close();
      expect(running).toHaveLength(1);
      expect(await readdir(data)).toEqual(["demo"]);
      await (await open(data)).close();
    },
  );
});
