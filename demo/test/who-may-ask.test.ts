/** What the demo's server makes of those it is not for, and of what no page sends. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Demo, startDemo } from "../server/start-demo.js";

const demoDirectory = fileURLToPath(new URL("..", import.meta.url));

let directory: string;
let demo: Demo;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ossicle-demo-"));
  demo = await startDemo({ port: 0, storePort: 0, data: join(directory, "objects") });
});

afterAll(async () => {
  await demo.close();
  await rm(directory, { recursive: true, force: true });
});

/** Sends it as it is. @returns all that comes until the connection ends, whichever way */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(demo.port, new URL(demo.url).hostname);
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      answer += piece;
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
    socket.write(text, "latin1");
  });
}

function ask(line: string, headers: Readonly<Record<string, string | number>> = {}, body = ""): Promise<string> {
  const all = { host: `localhost:${demo.port}`, connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return sendRaw(`${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

function sendJson(line: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return ask(line, { "content-type": "application/json", "content-length": body.length, ...headers }, body);
}

async function isAlive(): Promise<boolean> {
  return (await ask("GET /api/config")).startsWith("HTTP/1.1 200 ");
}

describe("a request that no page sends", () => {
  test.each([
    "GET http://[",
    "GET http://[/api/config",
    "GET http://localhost/api/config",
    "GET //[",
    "GET //evil.test/api/sts",
    "OPTIONS *",
    "GET /%",
    "GET /%ff",
    "GET /api/%ff",
    "GET /objects/%ff",
    "GET /objects/%",
    "GET /objects/",
    "GET /objects/__proto__",
    "GET /@fs/%ff",
    "GET /@fs/",
    "GET /@id/%00",
    "GET /?%ff",
    "GET /src/%2e%2e/%2e%2e/package.json",
    "PUT /api/trouble",
    "POST /api/sign",
    "POST /api/__proto__",
    "DELETE /",
  ])("%s is answered, and does not end the demo", async (line) => {
    expect(await ask(line)).toMatch(/^HTTP\/1.1 [234]\d\d /);
    expect(await isAlive()).toBe(true);
  });

  test.each(["[", "[::1", "%", "a b", ""])("to the host %j is answered, and does not end the demo", async (host) => {
    expect(await ask("GET /api/config", { host })).toMatch(/^HTTP\/1.1 [234]\d\d /);
    expect(await isAlive()).toBe(true);
  });
});

describe("a page of another site", () => {
  const lines = ["GET /api/sts", "POST /api/sign", "PUT /api/trouble", "POST /api/strikes", "POST /api/expire-tokens"];

  test.each(lines)("gets nothing by %s when its name is made to mean this machine", async (line) => {
    const answer = await sendJson(line, "{}", { host: "evil.test", origin: "http://evil.test" });

    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).not.toMatch(/SecurityToken|x-oss-signature/);
  });

  test.each(["PUT /api/trouble", "POST /api/strikes", "POST /api/sign"])(
    "cannot do %s without asking first, and is not allowed to",
    async (line) => {
      const plain = await ask(
        line,
        { origin: "http://evil.test", "content-type": "text/plain", "content-length": 2 },
        "{}",
      );
      const asked = await ask(`OPTIONS ${line.split(" ")[1]}`, {
        origin: "http://evil.test",
        "access-control-request-method": line.split(" ")[0] ?? "",
        "access-control-request-headers": "content-type",
      });

      expect(plain).toMatch(/^HTTP\/1.1 400 /);
      expect(asked).not.toMatch(/access-control-allow/i);
    },
  );
});

describe("what a page asks the demo's server to break", () => {
  test.each(["PUT /api/trouble", "POST /api/strikes"])("by %s is not read without end", async (line) => {
    const answer = await sendJson(line, `{"a":"${"x".repeat(1 << 20)}"}`);

    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain("send less than 65536 bytes");
    expect(await isAlive()).toBe(true);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    "1",
    '"storm"',
    '{"bytesPerSecond":"fast"}',
    '{"bytesPerSecond":"5"}',
    '{"bytesPerSecond":0}',
    '{"bytesPerSecond":-1}',
    '{"bytesPerSecond":1e999}',
    '{"bytesPerSecond":{}}',
    '{"cut":"yes"}',
    '{"cut":null}',
    '{"listingForbidden":1}',
    "[".repeat(60_000),
  ])("as %s is refused, and nothing is broken", async (body) => {
    const answer = await sendJson("PUT /api/trouble", body);

    expect(answer).toMatch(/^HTTP\/1.1 400 .*"message":"/s);
    expect(await ask("GET /api/trouble")).toContain('{"bytesPerSecond":null,"cut":false,"listingForbidden":false}');
  });

  test.each(["__proto__", "constructor", "toString", "", null, 1, {}, ["storm"]])(
    "as the strike %j is refused: there is none",
    async (strike) => {
      const answer = await sendJson("POST /api/strikes", JSON.stringify({ strike }));

      expect(answer).toMatch(/^HTTP\/1.1 400 .*there are storm, loseAnswers, corrupt/s);
      expect(demo.emulator.faults.list()).toEqual([]);
    },
  );
});

describe("the data", () => {
  test("are not in what is served to the page, and no place there is taken", async () => {
    for (const place of [".data", "src/objects", "../packages/core/objects", "../node_modules/objects", "."]) {
      const data = join(demoDirectory, place);
      await expect(startDemo({ port: 0, storePort: 0, data })).rejects.toThrow("which is served to the page");
    }
  });

  test.each([
    ["the lock of the store", () => join(directory, "objects/emulator.pid")],
    ["a file of the repository that no page needs", () => join(demoDirectory, "../CONTRIBUTING.md")],
    ["the workspace's manifest", () => join(demoDirectory, "../package.json")],
  ])("and the like are not served: %s", async (_, pathOf) => {
    const path = pathOf();
    const text = await readFile(path, "latin1");
    const urls = [
      `/@fs${path}`,
      `/@fs${path}?raw`,
      `/@fs${path}?import&raw`,
      `/@fs${path}?url`,
      `/${relative(demoDirectory, path)}`,
      `/${encodeURIComponent(relative(demoDirectory, path))}`,
      `/src/..%2f${encodeURIComponent(relative(demoDirectory, path))}?raw`,
    ];

    const answers = await Promise.all(urls.map((url) => ask(`GET ${url}`)));

    for (const [i, answer] of answers.entries()) {
      expect(answer, urls[i]).not.toMatch(/^HTTP\/1.1 200 /);
      expect(answer, urls[i]).not.toContain(text.slice(0, 40));
    }
  });
});

describe("a demo that would be open to a network", () => {
  test.each(["0.0.0.0", "::", "192.168.1.5", "box"])("on %s does not start unless that is meant", async (host) => {
    const data = join(directory, "unused");

    await expect(startDemo({ port: 0, storePort: 0, host, data })).rejects.toThrow("say --open-to-network too");
  });

  test("starts when it is meant, and lets nobody break it by a name that is not this machine's", async () => {
    const data = join(directory, "open");
    const open = await startDemo({ port: 0, storePort: 0, host: "0.0.0.0", openToNetwork: true, data });
    onTestFinished(() => open.close());
    const address = new URL(open.networkUrls[0] ?? open.url).hostname;
    const call = (host: string, method: string, path: string) =>
      fetch(`http://${host}:${open.port}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: '{"strike":"storm"}' }),
      }).then(({ status }) => status);
    const breaking = [
      ["PUT", "/api/trouble"],
      ["POST", "/api/strikes"],
      ["POST", "/api/expire-tokens"],
    ] as const;

    const byName = await Promise.all(breaking.map(([method, path]) => call("0.0.0.0", method, path)));
    const tokens = [await call(address, "GET", "/api/sts"), await call(address, "GET", "/api/trouble")];
    const local = await call("127.0.0.1", "POST", "/api/strikes");

    expect([byName, tokens, local]).toEqual([[403, 403, 403], [200, 200], 204]);
  });
});
