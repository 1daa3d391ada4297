/** `pnpm demo`: reads the arguments, starts the demo, and stops it at Ctrl-C. */
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Demo, defaultPort, startDemo } from "./start-demo.js";

const help = `pnpm demo [--port PORT] [--host ADDRESS --open-to-network] [--data DIR]

  --port PORT        of the page; default ${defaultPort}, or the next free one
  --host ADDRESS     to listen on; default this machine only, 0.0.0.0 for every network
  --open-to-network  needed for such a --host: all who reach it may upload, and read what was uploaded
  --data DIR         where objects are kept; default .data/demo
`;

const optionTypes = {
  port: { type: "string" },
  host: { type: "string" },
  "open-to-network": { type: "boolean", default: false },
  data: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** Where `pnpm demo` was called: pnpm itself runs this file in demo/. */
const calledFrom = process.env.INIT_CWD ?? process.cwd();

function portOf(text: string | undefined): number {
  const port = Number(text ?? defaultPort);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TypeError(`--port ${text} is not a port`);
}

function introduce({ url, networkUrls, port, data, emulator }: Demo, wantedPort: number): void {
  const inside = relative(calledFrom, data);
  const place = inside.startsWith("..") ? data : inside || ".";
  console.log(`\nOssicle demo: open ${url} – objects are kept in ${place} – Ctrl-C stops it\n`);
  console.log(`The store is a local emulator of OSS at ${emulator.endpoint}; nothing leaves this machine.`);
  if (wantedPort !== 0 && port !== wantedPort) {
    console.log(
      `Port ${wantedPort} was taken: unfinished uploads of that port are not listed here, because a browser keeps them for each port.`,
    );
  }
  if (networkUrls.length > 0) {
    console.log(
      `From other machines: ${networkUrls.join(" ")} – browsers give them WebCrypto by https only.\n` +
        "OPEN TO THE NETWORK: all who reach these URLs may upload, and read what was uploaded. Only this machine can break the store.",
    );
  }
}

async function main(): Promise<void> {
  // pnpm passes on the "--" that separates its own arguments from ours.
  const args = process.argv.slice(2).filter((argument) => argument !== "--");
  const { values } = parseArgs({ args, options: optionTypes });
  if (values.help) {
    console.log(help);
    return;
  }
  const port = portOf(values.port);
  const { host, data } = values;
  const demo = await startDemo({
    port,
    live: true,
    openToNetwork: values["open-to-network"],
    ...(host && { host }),
    ...(data && { data: resolve(calledFrom, data) }),
  });
  introduce(demo, port);

  let closing: Promise<void> | undefined;
  const stop = () => {
    // The signal may come twice: a terminal sends it to the whole group, and the programs in between pass it on.
    closing ??= demo.close();
    closing.then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(`Ossicle demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
