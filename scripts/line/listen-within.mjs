/** Run on a line: opens a port of 127.0.0.1 there, and hands the open socket to the process outside that is to answer on it. */
import { createServer } from "node:net";

const server = createServer();
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => process.send?.(server.address(), server));
// The parent has a copy of its own by then.
process.on("disconnect", () => process.exit());
