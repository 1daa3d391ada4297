/** The command `oss-emulator` and its arguments. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseArguments } from "../src/cli.js";
import { createClient, send } from "./signed-client.js";
import { emulatorWith, temporaryDirectory } from "./world.js";

const command = fileURLToPath(new URL("../bin/oss-emulator.mjs", import.meta.url));

function start(args: readonly string[]): {
  process: ChildProcess;
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
} {
  const child = spawn("node", [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { process: child, stdout: child.stdout, stderr: child.stderr };
}

async function all(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const piece of stream) text += String(piece);
  return text;
}

describe("the command", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "says where it listens, serves, and stops cleanly on %s",
    async (signal) => {
      const data = await temporaryDirectory();
      const args = ["--data", data, "--bucket", "one", "--bucket", "two", "--port", "0", "--control"];
      const { process, stdout } = start([
        ...args,
        "--access-key",
        "id",
        "--access-secret",
        "secret",
        "--region",
        "cn-beijing",
      ]);
      const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
      const port = Number(line.split(":").at(-1));
      const client = createClient({ port }, { accessKeyId: "id", accessKeySecret: "secret" }, "two");

      const put = await client.call({ method: "PUT", key: "k", body: "x", region: "cn-beijing" });
      const control = await send(port, { method: "GET", path: "/_emulator/network" });
      process.kill(signal);
      const [code] = (await once(process, "exit")) as [number];

      expect(line).toBe(`oss-emulator listens on http://127.0.0.1:${port}`);
      expect([put.status, control.status, code]).toEqual([200, 200, 0]);
    },
  );

  test("says what is wrong in one line, and fails", async () => {
    const taken = await emulatorWith();
    const data = await temporaryDirectory();
    const { process, stderr } = start(["--data", data, "--bucket", "demo", "--port", String(taken.port)]);

    const [text, [code]] = await Promise.all([all(stderr), once(process, "exit")]);

    expect(text).toBe(`oss-emulator: cannot listen on 127.0.0.1:${taken.port}: another program has this port\n`);
    expect(code).toBe(1);
  });

  test("prints its options with --help", async () => {
    const { process, stdout } = start(["--help"]);

    const [text, [code]] = await Promise.all([all(stdout), once(process, "exit")]);

    expect(text).toContain("oss-emulator [options]");
    expect(code).toBe(0);
  });
});

describe("the arguments", () => {
  const needed = ["--data", "d", "--bucket", "demo"];

  test("become the emulator's options, with defaults", () => {
    expect(parseArguments(needed)).toEqual({ data: "d", buckets: ["demo"], port: 9000, control: false, tokens: true });
  });

  test("are none for the lines that the library's README has to paste", () => {
    expect(parseArguments([])).toMatchObject({ data: ".oss-emulator", buckets: ["user-files"], port: 9000 });
  });

  test("may name the origins that may use the buckets", () => {
    const options = parseArguments([...needed, "--cors-origin", "http://a.test", "--cors-origin", "http://b.test"]);

    expect(options?.buckets).toMatchObject([
      { name: "demo", cors: [{ allowedOrigins: ["http://a.test", "http://b.test"] }] },
    ]);
  });

  test.each([
    ["all", true],
    ["once", { hash: "once" }],
    ["none", { hash: false }],
  ])("--sink %s makes a sink", (hash, sink) => {
    expect(parseArguments([...needed, "--sink", hash])).toMatchObject({ sink });
  });

  test.each([
    [[...needed, "--port", "70000"], /--port 70000 is not a number from 0 to 65535/],
    [[...needed, "--port", "http"], /--port http is not a number from 0 to 65535/],
    [[...needed, "--access-key", "a"], /given together/],
    [[...needed, "--sink", "some"], /--sink some is not one of all, once, none/],
    [[...needed, "--nonsense"], /--nonsense/],
  ])("%j are refused", (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});
