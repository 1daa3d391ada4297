/** An upload of "k" without parts, with which the tests of faults begin, and ways to send it parts. */
import { createHash } from "node:crypto";
import { defaultAccount, type Emulator } from "../src/index.js";
import { connect, type RawConnection, requestText } from "./raw-client.js";
import { createClient, type SignedClient, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

export const bytes = Buffer.alloc(200_000, 1);

export function md5(body: Buffer): string {
  return createHash("md5").update(body).digest("hex").toUpperCase();
}

export interface PartWorld {
  readonly emulator: Emulator;
  readonly client: SignedClient;
  readonly uploadId: string;
  part(number: number, headers?: Record<string, string>): ReturnType<SignedClient["part"]>;
}

/** An upload of "k" with nothing stored. */
export async function partWorld(): Promise<PartWorld> {
  const emulator = await emulatorWith();
  const client = createClient(emulator);
  const uploadId = await client.initiate("k");
  return { emulator, client, uploadId, part: (number, headers) => client.part("k", uploadId, number, bytes, headers) };
}

/** Sends the line and headers of an UploadPart on a socket, and the first `bodyBytes` of its body. */
export function startPart({ emulator, uploadId }: PartWorld, number: number, bodyBytes: number): RawConnection {
  const call = { method: "PUT", bucket: "demo", key: "k", query: { partNumber: String(number), uploadId } };
  const { path, headers } = signed(call, defaultAccount);
  const connection = connect(emulator.port);
  connection.socket.write(requestText("PUT", path, { ...headers, "content-length": bytes.length }), "latin1");
  connection.socket.write(bytes.subarray(0, bodyBytes));
  return connection;
}
