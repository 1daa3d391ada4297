/** What an app's own server does: says where the bucket is, hands out short-lived tokens, shows what was stored. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Plugin } from "vite";

/** As real ones: long enough for many parts, too short to be worth stealing. */
const tokenLifeMs = 15 * 60_000;

type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> | void;

export function appServer(emulator: Emulator, bucket: string): Plugin {
  const routes: Readonly<Record<string, Answer>> = {
    "/api/config": (_request, response) => {
      json(response, { region: emulator.region, bucket, endpoint: emulator.endpoint });
    },
    // What the STS service's AssumeRole answers in `Credentials`.
    "/api/sts": (_request, response) => {
      json(response, emulator.issueToken({ expiresInMs: tokenLifeMs }));
    },
    "/objects": async (request, response, path) => {
      await sendObject(emulator, bucket, decodeURIComponent(path.replace(/^\//, "")), request, response);
    },
  };
  return {
    name: "demo-application-server",
    configureServer({ middlewares }) {
      for (const [route, answer] of Object.entries(routes)) {
        middlewares.use(route, (request, response, next) => {
          const { pathname } = new URL(request.url ?? "/", "http://localhost");
          Promise.resolve(answer(request, response, pathname)).catch(next);
        });
      }
    },
  };
}

async function sendObject(
  emulator: Emulator,
  bucket: string,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const object = emulator.object(bucket, key);
  if (object === undefined) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end(`There is no object ${key}\n`);
    return;
  }
  response.writeHead(200, {
    "content-type": object.headers["content-type"] ?? "application/octet-stream",
    "content-length": object.size,
    etag: `"${object.etag}"`,
    // What somebody uploaded is shown, never run as a page of ours.
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // The reader going away is no error of ours.
  await pipeline(emulator.readObject(bucket, key), response).catch(() => response.destroy());
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}
