/** What lies in the data directory may be anything: the emulator starts, or says which file it is and what to do. */
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
  test.each(nonsense)("that holds %j is named, with what to do", async (text) => {
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

  test("that would lead out of the directory is named", async () => {
    const { data, object } = await leftBehind();
    const record = JSON.parse(await readFile(object, "utf8")) as object;
    await writeFile(object, JSON.stringify({ ...record, bodies: [{ id: "../../../etc/passwd", size: 1 }] }));

    await expect(open(data)).rejects.toThrow("object.bodies[].id is no file name of the emulator's");
  });

  test("that is deleted as it was told is an object less", async () => {
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

test("what others leave beside the emulator's files is let alone", async () => {
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

/** A program that has nothing to do with it, for as long as the test takes. */
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
    ["a number that is none", () => "99999999999999999999\n"],
    ["zero", () => "0\n"],
    ["the number of a process that is something else", () => `${bystander().pid}\n`],
    ["the number of the first process, which is another user's", () => "1\n"],
    ["this process's own number", () => `${process.pid}\n`],
    ["an emulator that is gone", (lock) => lock],
    [
      "an emulator that is gone, by a number that is somebody's now",
      (lock) => lock.replace(/^\d+/, String(bystander().pid)),
    ],
    [
      "an emulator that is gone, whose port is somebody's now",
      async (lock) =>
        lock.replace(/port \d+/, `port ${await portThat((socket) => socket.end("HTTP/1.1 400\r\n\r\n"))}`),
    ],
    [
      "an emulator that is gone, on a port that hangs up",
      async (lock) => lock.replace(/port \d+/, `port ${await portThat((socket) => socket.resetAndDestroy())}`),
    ],
  ])("that names %s stops nobody", async (_, textOf) => {
    const { data, lock } = await leftBehind();
    await writeFile(join(data, "emulator.pid"), await textOf(lock));

    const emulator = await emulatorWith({ data });

    expect(emulator.objects("demo")).toHaveLength(1);
  });

  test("whose emulator says nothing is believed, and says how to get rid of it", async () => {
    const { data, lock } = await leftBehind();
    const sockets: net.Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const port = await portThat((socket) => sockets.push(socket));
    const path = join(data, "emulator.pid");
    await writeFile(path, lock.replace(/port \d+/, `port ${port}`));

    await expect(open(data)).rejects.toThrow(`it says nothing: if there is none, delete ${path}`);
  });

  test.each(["nothing", "one that is gone"])(
    "is one emulator's alone, whoever begins at once after %s",
    async (left) => {
      const { data, lock } = await leftBehind();
      if (left !== "nothing") await writeFile(join(data, "emulator.pid"), lock);

      const started = await Promise.allSettled([open(data), open(data), open(data), open(data)]);

      const running = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      for (const emulator of running) await emulator.close();
      expect(running).toHaveLength(1);
      expect(await readdir(data)).toEqual(["demo"]);
      await (await open(data)).close();
    },
  );
});
