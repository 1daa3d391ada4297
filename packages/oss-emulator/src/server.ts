/** The HTTP server: sends each request to the control API, to the redirect target, or to the service, and counts it in and out. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { controlPath, type createControl } from "./control/control.js";
import type { Connections } from "./http/connections.js";
import { isElsewhere, serveElsewhere } from "./http/elsewhere.js";
import { type HandlerContext, handle } from "./http/handler.js";
import { isBrowser } from "./http/open-exchange.js";
import { Patience } from "./http/patience.js";
import { splitUrl } from "./http/target.js";

export interface ServerOptions {
  readonly context: HandlerContext;
  readonly connections: Connections;
  readonly clientTimeoutMs: number;
  /** Undefined: the emulator has no control API. */
  readonly control: ReturnType<typeof createControl> | undefined;
}

export interface Server {
  /** @returns the port. @throws Error if the address cannot be listened on */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more requests. Resolves when the last connection has ended. */
  close(): Promise<void>;
  /** Resolves when no request is being worked on. */
  idle(): Promise<void>;
}

export function createServer(options: ServerOptions): Server {
  const { connections, control, clientTimeoutMs } = options;
  const active = new Set<Promise<void>>();
  const server = http.createServer({
    // A large body may take as long as it needs. `Patience` ends a client that is silent.
    requestTimeout: 0,
    // Without it Node takes `requestTimeout` for the headers too, and waits for ever.
    headersTimeout: clientTimeoutMs,
    connectionsCheckingInterval: Math.min(clientTimeoutMs || 30_000, 30_000),
    keepAliveTimeout: 60_000,
    maxHeaderSize: 64 * 1024,
  });
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const work = serve(options, request, response)
      .catch((error: unknown) => {
        console.error("oss-emulator: a request could not be answered", error);
        request.socket.destroy();
      })
      .finally(() => active.delete(work));
    active.add(work);
  };
  server.on("request", onRequest);
  // With this listener Node leaves "100 Continue" to us: it is sent when the body is wanted.
  server.on("checkContinue", onRequest);
  server.on("connection", (socket) => {
    if (connections.isCut && control === undefined) socket.resetAndDestroy();
    else connections.add(socket);
  });
  return {
    listen: (port, host) => listen(server, port, host),
    close: () => new Promise((resolve) => server.close(() => resolve())),
    idle: async () => {
      await Promise.all(active);
    },
  };
}

async function serve(
  { context, connections, clientTimeoutMs, control }: ServerOptions,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const goesElsewhere = isElsewhere(request);
  const isControl = control !== undefined && !goesElsewhere && splitUrl(request.url ?? "").path.startsWith(controlPath);
  if (connections.isCut && !isControl) {
    request.socket.resetAndDestroy();
    return;
  }
  const { end, ...connection } = connections.begin(request.socket, { isControl, isBrowser: isBrowser(request) });
  const patience = new Patience(request, clientTimeoutMs);
  try {
    if (goesElsewhere) await serveElsewhere(context.log, request, response, connection.connection, patience);
    else if (isControl) await control(request, response, patience);
    else await handle(context, { request, response, connection, patience });
  } finally {
    patience.end();
    end();
    // A fault that breaks connections may have been armed while this connection was busy.
    if (context.faults.endsConnections) connections.closeIdleOfBrowsers();
  }
}

function listen(server: http.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "another program has this port" : cause.message;
      reject(new Error(`cannot listen on ${host}:${port}: ${reason}`, { cause }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
