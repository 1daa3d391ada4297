/** Only programs and pages of the emulator's own machine may use its control API. */
import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { openness } from "../src/cli.js";
import { whyNotLocal } from "../src/index.js";
import { requestText, sendRaw } from "./raw-client.js";
import { send } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const armFault = '{"on":"any","fault":"refuse"}';

function from(
  remoteAddress: string | undefined,
  host: string | undefined,
  localAddress = "127.0.0.1",
): IncomingMessage {
  return { socket: { remoteAddress, localAddress }, headers: { host } } as IncomingMessage;
}

describe("a request", () => {
  test.each([
    ["127.0.0.1", "localhost:9000"],
    ["127.0.0.1", "LOCALHOST"],
    ["127.4.5.6", "127.0.0.1:9000"],
    ["::1", "[::1]:9000"],
    ["::1", "[::1]"],
    ["::ffff:127.0.0.1", "demo.localhost:9000"],
    ["127.0.0.1", "box:9000"],
  ])("of %s to %s is local", (address, host) => {
    expect(whyNotLocal(from(address, host), "box")).toBeUndefined();
  });

  test.each([
    ["192.168.1.5", "localhost:9000"],
    ["::ffff:192.168.1.5", "localhost"],
    ["1127.0.0.1", "localhost"],
    ["127.0.0.1.evil.test", "localhost"],
    ["fe80::1", "localhost"],
    [undefined, "localhost"],
  ])("of %s to %s is not local, because of its address", (address, host) => {
    expect(whyNotLocal(from(address, host), "box")).toBe(
      `only programs of the emulator's own machine may use this, not ${address}`,
    );
  });

  test.each([
    "evil.test",
    "evil.test:9000",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "127.evil.test",
    "evil.test/.localhost",
    "user@127.0.0.1",
    "[::2]:9000",
    "0.0.0.0:9000",
    "192.168.1.5:9000",
    "Box.",
    "",
    undefined,
  ])("of 127.0.0.1 to %j is not local, because that name may be anybody's", (host) => {
    expect(whyNotLocal(from("127.0.0.1", host), "box")).toMatch(
      /^the host name .* may be anybody's: ask for it as localhost/,
    );
  });

  test("to the name that the server listens on is not local if that name means a network address", () => {
    expect(whyNotLocal(from("127.0.0.1", "box", "192.168.1.5"), "box")).toMatch(/host name "box" may be/);
    expect(whyNotLocal(from("127.0.0.1", ""), "")).toMatch(/host name "" may be/);
  });
});

describe("the control API", () => {
  test.each(["evil.test", "localhost.evil.test", "", "192.168.1.5"])(
    "refuses a request to the host name %j",
    async (host) => {
      const emulator = await emulatorWith({ control: true });
      const headers = { host, "content-length": armFault.length };

      const text = await sendRaw(emulator.port, requestText("POST", "/_emulator/faults", headers) + armFault);

      expect(text).toMatch(/^HTTP\/1.1 403 /);
      expect(text).not.toMatch(/access-control-allow/i);
      expect(text).toContain("ask for it as localhost");
      expect(emulator.faults.list()).toEqual([]);
    },
  );

  test.each(["https://evil.test", "null", "file://", "http://localhost.evil.test", "http://evil.test/.localhost", ""])(
    "refuses a page of %j, whatever its Content-Type and method",
    async (origin) => {
      const emulator = await emulatorWith({ control: true });
      const path = "/_emulator/faults";
      const ask = (method: string, type: string) =>
        send(emulator.port, { method, path, headers: { origin, "content-type": type } }, armFault);

      const replies = [
        await ask("POST", "application/json"),
        await ask("POST", "text/plain"),
        await ask("OPTIONS", "text/plain"),
        await ask("GET", "text/plain"),
      ];

      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      for (const { headers } of replies) expect(headers).not.toHaveProperty("access-control-allow-origin");
      expect(emulator.faults.list()).toEqual([]);
    },
  );

  const addresses = Object.values(networkInterfaces())
    .flatMap((list = []) => list)
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
  test.each(addresses)("refuses a client of the network (%s), which reaches the bucket", async (address) => {
    const emulator = await emulatorWith({ control: true, host: "0.0.0.0" });
    const ask = (path: string) =>
      send(emulator.port, { host: address, method: "GET", path, headers: { host: "localhost" } });

    const [control, bucket] = [await ask("/_emulator/faults"), await ask("/demo/k")];

    expect([control.status, control.text]).toEqual([403, expect.stringContaining(`not ${address}`)]);
    expect([bucket.status, bucket.xml?.Code]).toEqual([403, "AccessDenied"]);
  });
});

describe("the command warns", () => {
  const options = { data: "d", buckets: ["demo"] };

  test.each([undefined, "127.0.0.1", "localhost", "::1", "127.0.0.2"])("of nothing if it listens on %s", (host) => {
    expect(openness(host === undefined ? options : { ...options, host })).toBeUndefined();
  });

  test.each(["0.0.0.0", "::", "192.168.1.5", "box"])(
    "of the network and the default key if it listens on %s",
    (host) => {
      const own = { ...options, host, accounts: [{ accessKeyId: "a", accessKeySecret: "b" }] };

      expect(openness({ ...options, host })).toBe(
        `everybody who can reach ${host} and has the access key, which is the default one and known to all, can read, write and delete objects.`,
      );
      expect(openness(own)).toBe(
        `everybody who can reach ${host} and has the access key can read, write and delete objects.`,
      );
      expect(openness({ ...own, control: true })).toContain("The control API is for this machine only.");
    },
  );
});
