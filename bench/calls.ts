/** Asks another process to do something and waits for its answer, over the channel that Node gives a forked one. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

type Serve = (...args: unknown[]) => Promise<unknown>;
type Calls = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In the forked process: answers until the parent lets go of it. `close` is called then, whoever dies first. */
export function serveCalls(calls: Calls & { close(): Promise<void> }): void {
  const byName = calls as Readonly<Record<string, unknown>> as Readonly<Record<string, Serve>>;
  process.on("message", ({ id, name, args }: Question) => {
    const say = (answer: Answer) => process.connected && process.send?.(answer);
    const work = byName[name]?.(...args) ?? Promise.reject(new Error(`there is no call "${name}"`));
    work.then(
      (value) => say({ id, value }),
      (error: unknown) => say({ id, error: String(error) }),
    );
  });
  process.once("disconnect", () => {
    calls.close().finally(() => process.exit());
  });
  // Ctrl-C reaches the whole group; the parent decides when to end.
  process.on("SIGINT", () => {});
  process.send?.("ready");
}

export interface Forked<C extends Calls> {
  readonly call: C;
  readonly pid: number;
  close(): Promise<void>;
}

/**
 * @param file a module that calls `serveCalls`
 * @param execArgv for Node. Default: what this process was started with
 * @throws Error when it does not come so far
 */
export async function forkCalls<C extends Calls>(
  file: URL,
  args: readonly string[] = [],
  execArgv = process.execArgv,
): Promise<Forked<C>> {
  const child = fork(file, args, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const lost = (): void => {
    for (const { reject } of waiting.values()) reject(new Error(`${file.pathname} ended`));
    waiting.clear();
  };
  child.once("exit", lost);
  await ready(child, file);
  child.on("message", ({ id, value, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(value);
    else one?.reject(new Error(error));
  });
  let count = 0;
  const call = new Proxy({} as C, {
    get: (_, name) =>
      name === "then"
        ? undefined
        : (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              count += 1;
              waiting.set(count, { resolve, reject });
              child.send({ id: count, name: String(name), args } satisfies Question);
            }),
  });
  return {
    call,
    pid: child.pid ?? 0,
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function ready(child: ChildProcess, file: URL): Promise<void> {
  const began = await Promise.race([once(child, "message"), once(child, "exit").then(() => undefined)]);
  if (began?.[0] !== "ready") throw new Error(`${file.pathname} did not start`);
}
