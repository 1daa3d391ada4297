/** `pnpm line KBIT`: a line until it is no longer wanted, for looking at a page by hand or with other tools. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { joinSockets, type Line, NoLine, withLine } from "./line/line.js";
import { defaultQueueMs } from "./line/shape.js";

const help = `pnpm line KBIT [--queue MS] [--page PORT] [-- PROGRAM ARGUMENTS …]

Makes a network namespace whose way out carries KBIT kilobits a second, and takes it away at the end. Needs root on Linux, with
iproute2. Runs PROGRAM on the line and ends with it; without one it ends at Ctrl-C. A number on standard input changes KBIT.

  --queue MS   milliseconds that packets may wait before some are lost; default ${defaultQueueMs}
  --page PORT  what answers at 127.0.0.1:PORT out here answers there too, not slowed: a page must come from 127.0.0.1 to be secure
`;

/** The page is not what is measured: it goes round the line. */
async function servePage(line: Line, port: number): Promise<() => void> {
  const server = createServer((client) => joinSockets(client, connect(port, "127.0.0.1")));
  await line.listen(server, port);
  return () => server.close();
}

async function run(line: Line, [program, ...args]: readonly string[]): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  if (program === undefined) {
    await interrupted;
    return 0;
  }
  const [outer, ...rest] = line.within(program, ...args);
  const child = spawn(outer, rest, { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await Promise.race([once(child, "exit"), interrupted.then(() => [0])])) as [number | null];
  return code ?? 1;
}

async function main(): Promise<number> {
  const given = process.argv.slice(2).filter((word, at) => !(word === "--" && at === 0));
  const end = given.indexOf("--");
  const own = end < 0 ? given : given.slice(0, end);
  const options = { queue: { type: "string" }, page: { type: "string" }, help: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
  if (values.help || positionals.length !== 1) {
    console.log(help);
    return values.help ? 0 : 1;
  }
  const shape = {
    kbit: Number(positionals[0]),
    ...(values.queue === undefined ? {} : { queueMs: Number(values.queue) }),
  };
  return await withLine(shape, async (line) => {
    const stop = values.page === undefined ? () => {} : await servePage(line, Number(values.page));
    console.log(
      `The line ${line.name} carries ${shape.kbit} kbit/s. What runs on it finds this machine at ${line.host}.`,
    );
    console.log(`To run something else on it: ${line.within("PROGRAM").join(" ")}`);
    const input = createInterface({ input: process.stdin });
    input.on("line", (text) => {
      line.change({ kbit: Number(text) }).then(
        () => console.log(`The line carries ${text} kbit/s.`),
        (error: unknown) => console.error(String(error)),
      );
    });
    const code = await run(line, end < 0 ? [] : given.slice(end + 1));
    input.close();
    stop();
    return code;
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof NoLine || error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}
process.exit();
