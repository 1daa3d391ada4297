/** The DevTools protocol over two pipes: commands out, answers and events in, each ended by a NUL. */
import type { Readable, Writable } from "node:stream";

// biome-ignore lint/suspicious/noExplicitAny: the protocol's values; each caller knows what it asked for
export type Value = any;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Value;
  readonly result?: Value;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

type Listener = (params: Value) => void;

/** A target that commands go to; without an id, the browser. */
export interface Session {
  send(method: string, params?: object): Promise<Value>;
  on(method: string, listener: Listener): void;
}

export interface Pipe {
  session(id?: string): Session;
}

export function openPipe(commands: Writable, answers: Readable): Pipe {
  const waiting = new Map<number, { resolve: (value: Value) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener[]>();
  let count = 0;
  const receive = ({ id, method, params, result, error, sessionId }: Message): void => {
    if (id === undefined) {
      for (const listener of listeners.get(`${sessionId ?? ""} ${method}`) ?? []) listener(params);
      return;
    }
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(result);
    else one?.reject(new Error(error.message));
  };
  let rest = "";
  answers.setEncoding("utf8");
  answers.on("data", (text: string) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) receive(JSON.parse(message) as Message);
  });
  answers.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser ended"));
    waiting.clear();
  });
  commands.on("error", () => {});
  return {
    session: (id) => ({
      send: (method, params = {}) =>
        new Promise((resolve, reject) => {
          count += 1;
          waiting.set(count, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
          const to = id === undefined ? {} : { sessionId: id };
          commands.write(`${JSON.stringify({ id: count, method, params, ...to })}\0`);
        }),
      on(method, listener) {
        const name = `${id ?? ""} ${method}`;
        listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      },
    }),
  };
}
