/** An application's page needs no server to try the emulator: it gets its tokens from it, and nobody else does. */
import { describe, expect, test } from "vitest";
import { createClient, fromToken, send } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const ask = (port: number, headers: Record<string, string> = {}, method = "GET") =>
  send(port, { method, path: "/_emulator/sts", headers });

describe("a page of this machine", () => {
  test.each(["http://localhost:5173", "https://app.localhost", "http://127.0.0.1:3000", "http://[::1]:3000"])(
    "of %s gets a token that uploads, and may read the answer",
    async (origin) => {
      const emulator = await emulatorWith({ tokens: true });

      const { status, headers, body } = await ask(emulator.port, { origin });
      const { Credentials: token } = JSON.parse(body.toString());
      const client = createClient(emulator, fromToken(token));
      const put = await client.put("k", "x");
      const removed = await client.call({ method: "DELETE", key: "k" });

      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "access-control-allow-origin": origin,
        "cache-control": "no-store",
        vary: "Origin",
        "x-content-type-options": "nosniff",
      });
      expect(Date.parse(token.Expiration) - Date.now()).toBeGreaterThan(890_000);
      expect([put.status, removed.status]).toEqual([200, 403]);
    },
  );

  test("gets another one each time, and each is good", async () => {
    const emulator = await emulatorWith({ tokens: true });

    const tokens = [await ask(emulator.port), await ask(emulator.port)].map(({ body }) => JSON.parse(body.toString()));

    expect(tokens[0].Credentials.AccessKeyId).not.toBe(tokens[1].Credentials.AccessKeyId);
  });
});

describe("nobody else", () => {
  test.each([
    ["a page of another site", { origin: "https://evil.example" }],
    ["a page of a site that is called like this machine", { origin: "http://localhost.evil.example" }],
    ["a page without an origin of its own", { origin: "null" }],
    ["a name that points here", { host: "rebound.example" }],
  ])("gets a token: %s", async (_, headers) => {
    const emulator = await emulatorWith({ tokens: true });

    const { status, headers: answered, body } = await ask(emulator.port, headers);

    expect(status).toBe(403);
    expect(answered).not.toHaveProperty("access-control-allow-origin");
    expect(body.toString()).not.toContain("AccessKeySecret");
  });

  test.each(["POST", "PUT", "DELETE", "HEAD"])("gets one by %s", async (method) => {
    const emulator = await emulatorWith({ tokens: true });

    expect((await ask(emulator.port, {}, method)).status).toBe(404);
  });

  test("gets one where the option is off, and the rest of the control API comes with neither", async () => {
    const off = await emulatorWith();
    const on = await emulatorWith({ tokens: true });

    const without = await ask(off.port);
    const rest = await send(on.port, { method: "GET", path: "/_emulator/network" });

    expect(without.status).toBeGreaterThanOrEqual(400);
    expect(without.body.toString()).not.toContain("AccessKeySecret");
    expect([rest.status, JSON.parse(rest.body.toString())]).toEqual([
      404,
      { error: "there is no GET /_emulator/network; there are GET /_emulator/sts" },
    ]);
  });
});
