/** Serves the one page that every contestant runs in, and the bundles. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { basename, join } from "node:path";

const html = `<!doctype html>
<meta charset="utf-8">
<title>Benchmark</title>
<link rel="icon" href="data:,">
<input type="file" multiple aria-label="files">
<script type="module" src="harness.js"></script>
`;

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param listen how it comes to listen at 127.0.0.1, with the port; default: on this machine */
export async function startPageServer(directory: string, listen = listenHere): Promise<PageServer> {
  const server = createServer(async (request, response) => {
    const name = basename(new URL(request.url ?? "/", "http://localhost").pathname);
    try {
      const body = name === "" ? html : await readFile(join(directory, name));
      response.writeHead(200, { "Content-Type": name === "" ? "text/html" : "text/javascript" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listenHere(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
