/** After a restart, also after a kill, all that was answered is there, and unfinished bodies are gone. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { defaultAccount, startEmulator } from "../src/index.js";
import { connect, requestText } from "./raw-client.js";
import { createClient, signed } from "./signed-client.js";
import { emulatorWith, referenceBytes, temporaryDirectory } from "./world.js";

const bytes = referenceBytes(102_400);
const command = fileURLToPath(new URL("../bin/oss-emulator.mjs", import.meta.url));

/** Runs the command on a directory. */
async function spawned(data: string): Promise<{ process: ChildProcess; port: number }> {
  const process = spawn("node", [command, "--data", data, "--bucket", "demo", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    process.kill("SIGKILL");
  });
  const lines = createInterface({ input: process.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return { process, port: Number(line.split(":").at(-1)) };
}

test("objects, uploads and parts outlive a restart, and the upload can be completed", async () => {
  const data = await temporaryDirectory();
  const first = await startEmulator({ data, buckets: ["demo"] });
  const before = createClient(first);
  await before.put("目录/a", "hello", { "x-oss-meta-a": "1" });
  const uploadId = await before.initiate("k", { "content-type": "text/plain", "x-oss-meta-b": "2" });
  const one = await before.part("k", uploadId, 1, bytes);
  const replaced = await before.part("k", uploadId, 2, bytes);
  const two = await before.part("k", uploadId, 2, Buffer.from("end"));
  const objects = first.objects("demo");
  const parts = first.parts("demo", uploadId);
  await first.close();

  const second = await emulatorWith({ data });
  const after = createClient(second);
  const completed = await after.complete("k", uploadId, [
    [1, one.headers.etag ?? ""],
    [2, two.headers.etag ?? ""],
  ]);

  expect(replaced.headers.etag).not.toBe(two.headers.etag);
  expect([objects.length, parts.length, completed.status]).toEqual([1, 2, 200]);
  expect(second.object("demo", "目录/a")).toEqual(objects[0]);
  expect((await after.get("k")).body.equals(Buffer.concat([bytes, Buffer.from("end")]))).toBe(true);
  expect(second.object("demo", "k")).toMatchObject({ metadata: { b: "2" }, headers: { "content-type": "text/plain" } });
});

test("nothing that was answered is lost when the process is killed", async () => {
  const data = await temporaryDirectory();
  const { process, port } = await spawned(data);
  const client = createClient({ port });
  await client.put("object", bytes);
  const uploadId = await client.initiate("k");
  await Promise.all([1, 2, 3].map((number) => client.part("k", uploadId, number, bytes)));

  process.kill("SIGKILL");
  await once(process, "exit");
  const emulator = await emulatorWith({ data });

  expect(emulator.parts("demo", uploadId).map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
  expect((await createClient(emulator).get("object")).body.equals(bytes)).toBe(true);
});

describe("a part of which half was received", () => {
  test("leaves no file when the client leaves", async () => {
    const data = await temporaryDirectory();
    const emulator = await emulatorWith({ data });
    const uploadId = await createClient(emulator).initiate("k");
    const call = { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "1", uploadId } };
    const { path, headers } = signed(call, defaultAccount);
    const { socket } = connect(emulator.port);
    socket.write(requestText("PUT", path, { ...headers, "content-length": bytes.length }), "latin1");
    socket.write(bytes.subarray(0, 50_000));
    await emulator.waitForRequest(({ bodyBytes }) => bodyBytes === 50_000);

    socket.destroy();
    await emulator.waitForRequest(({ phase }) => phase === "dropped");

    expect(await readdir(join(data, "demo", "bodies"))).toEqual([]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("leaves no file after the emulator was killed", async () => {
    const data = await temporaryDirectory();
    const { process, port } = await spawned(data);
    const uploadId = await createClient({ port }).initiate("k");
    const call = { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "1", uploadId } };
    const { path, headers } = signed(call, defaultAccount);
    const { socket, ended, received } = connect(port);
    const expecting = { ...headers, "content-length": bytes.length, expect: "100-continue" };
    socket.write(requestText("PUT", path, expecting), "latin1");
    await once(socket, "data");

    process.kill("SIGKILL");
    await ended;
    const left = await readdir(join(data, "demo", "bodies"));
    const emulator = await emulatorWith({ data });
    await emulator.close();

    expect(received()).toContain("100 Continue");
    expect(left).toHaveLength(1);
    expect(await readdir(join(data, "demo", "bodies"))).toEqual([]);
  });
});

test("an upload whose journal ends in the middle of a line has the parts before it, and takes more", async () => {
  const data = await temporaryDirectory();
  const first = await startEmulator({ data, buckets: ["demo"] });
  const uploadId = await createClient(first).initiate("k");
  await createClient(first).part("k", uploadId, 1, bytes);
  await first.close();
  const journal = join(data, "demo", "uploads", `${uploadId}.jsonl`);
  await appendFile(journal, '{"partNumber":2,"size":10');

  const second = await startEmulator({ data, buckets: ["demo"] });
  await createClient(second).part("k", uploadId, 3, bytes);
  await second.close();
  const third = await emulatorWith({ data });

  expect(third.parts("demo", uploadId).map(({ partNumber }) => partNumber)).toEqual([1, 3]);
});

test("an upload that was completed, and whose journal was not removed yet, is gone", async () => {
  const data = await temporaryDirectory();
  const first = await startEmulator({ data, buckets: ["demo"] });
  const client = createClient(first);
  const uploadId = await client.initiate("k");
  const { headers } = await client.part("k", uploadId, 1, bytes);
  const journal = join(data, "demo", "uploads", `${uploadId}.jsonl`);
  const written = await readFile(journal);
  await client.complete("k", uploadId, [[1, headers.etag ?? ""]]);
  await first.close();
  await writeFile(journal, written);

  const second = await emulatorWith({ data });

  expect(second.uploads("demo")).toEqual([]);
  expect((await createClient(second).get("k")).body.equals(bytes)).toBe(true);
});

test("replaced, aborted and deleted bytes are removed from the disk", async () => {
  const data = await temporaryDirectory();
  const emulator = await startEmulator({ data, buckets: ["demo"] });
  const client = createClient(emulator);
  await client.put("replaced", "1");
  await client.put("replaced", "2");
  await client.put("deleted", "1");
  await client.call({ method: "DELETE", key: "deleted" });
  const aborted = await client.initiate("k");
  await client.part("k", aborted, 1, bytes);
  await client.part("k", aborted, 1, bytes);
  await client.abort("k", aborted);
  const completed = await client.initiate("k");
  const { headers } = await client.part("k", completed, 1, bytes);
  await client.part("k", completed, 2, bytes);
  await client.complete("k", completed, [[1, headers.etag ?? ""]]);
  await emulator.close();

  const left = await Promise.all(["bodies", "objects", "uploads"].map((name) => readdir(join(data, "demo", name))));

  expect(left.map((names) => names.length)).toEqual([2, 2, 0]);
});

describe("a data directory", () => {
  test("serves one emulator at a time, and the next one after it was closed", async () => {
    const data = await temporaryDirectory();
    const first = await startEmulator({ data, buckets: ["demo"] });

    const second = startEmulator({ data, buckets: ["demo"] });

    await expect(second).rejects.toThrow(`data directory ${data} is in use by the emulator with process id`);
    await first.close();
    await (await startEmulator({ data, buckets: ["demo"] })).close();
  });

  test("is free again after its emulator was killed", async () => {
    const data = await temporaryDirectory();
    const { process } = await spawned(data);
    await expect(startEmulator({ data, buckets: ["demo"] })).rejects.toThrow("is in use");

    process.kill("SIGKILL");
    await once(process, "exit");

    await (await startEmulator({ data, buckets: ["demo"] })).close();
  });

  test("is free again after an emulator could not start", async () => {
    const data = await temporaryDirectory();
    const taken = await emulatorWith();

    const failed = startEmulator({ data, buckets: ["demo"], port: taken.port });

    await expect(failed).rejects.toThrow(`cannot listen on 127.0.0.1:${taken.port}: another program has this port`);
    await (await startEmulator({ data, buckets: ["demo"] })).close();
  });
});

test.each([
  [[], /at least one/],
  [["Upper"], /bucket "Upper"/],
])("an emulator does not start with the buckets %j", async (buckets, message) => {
  const data = await temporaryDirectory();

  await expect(startEmulator({ data, buckets })).rejects.toThrow(message);
});
