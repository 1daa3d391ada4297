/** A socket without an HTTP client: it can send malformed requests, and shows how a connection ends. */
import net from "node:net";

export interface RawConnection {
  readonly socket: net.Socket;
  /** All bytes that have come so far, as text. */
  received(): string;
  /** Resolves with all that has come, when the other side has ended or reset the connection. */
  readonly ended: Promise<{ readonly text: string; readonly how: "closed" | "reset" }>;
}

export function connect(port: number): RawConnection {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (piece: string) => {
    text += piece;
  });
  const ended = new Promise<Awaited<RawConnection["ended"]>>((resolve) => {
    socket.on("error", () => resolve({ text, how: "reset" }));
    socket.on("close", () => resolve({ text, how: "closed" }));
  });
  return { socket, received: () => text, ended };
}

/** The request line, the headers, and the empty line. */
export function requestText(method: string, path: string, headers: Readonly<Record<string, string | number>>): string {
  const all = { host: "127.0.0.1", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Sends a request on a connection that closes after the answer. @returns all that came */
export async function sendRaw(port: number, text: string): Promise<string> {
  const { socket, ended } = connect(port);
  socket.write(text.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"), "latin1");
  return (await ended).text;
}
