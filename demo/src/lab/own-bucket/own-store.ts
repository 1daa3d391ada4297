/** Makes the store of a bucket of the visitor's own. Secrets stay in its closures, in memory, and nowhere else. */
import { ossStore, type StoreAdapter, type StsCredentials, signAt } from "@ossicle/core";
import type { FieldProblem } from "./field-problem.js";
import type { Auth, Target } from "./read-form.js";
import { readToken } from "./read-token.js";

export function ownStore({ auth, ...place }: Target): StoreAdapter {
  switch (auth.kind) {
    case "token":
      return ossStore({ ...place, credentials: auth.token });
    case "tokenUrl":
      return ossStore({ ...place, credentials: ({ signal }) => fetchToken(auth.url, signal) });
    case "signUrl":
      return ossStore({ ...place, signer: signAt(auth.url) });
  }
}

/** Asks once for what uploads will ask for, so that a wrong URL shows at its field and not as a failed upload. */
export async function tryAuth(auth: Auth, bucket: string): Promise<FieldProblem | undefined> {
  try {
    if (auth.kind === "tokenUrl") await fetchToken(auth.url, AbortSignal.timeout(tryForMs));
    if (auth.kind === "signUrl") await askForSignature(auth.url, bucket);
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.problem : (errors) => errors.silent;
  }
}

const tryForMs = 15_000;

class Refusal extends Error {
  readonly problem: FieldProblem;

  constructor(what: string, problem: FieldProblem) {
    super(what);
    this.problem = problem;
  }
}

async function fetchToken(url: string, signal: AbortSignal): Promise<StsCredentials> {
  const read = readToken(await jsonOf(await fetch(url, { signal, cache: "no-store" })), Date.now());
  if ("token" in read) return read.token;
  throw new Refusal("The URL of the token answered something else", read.problem);
}

async function askForSignature(url: string, bucket: string): Promise<void> {
  const asked = [
    { action: "HeadObject", method: "HEAD", bucket, key: "uploads/.ossicle-check", query: {}, headers: {} },
  ];
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(tryForMs),
  });
  const answer = await jsonOf(response);
  const isSigned = Array.isArray(answer) && answer.length === 1 && typeof answer[0]?.url === "string";
  if (!isSigned) throw new Refusal("The URL that signs answered something else", (errors) => errors.answer);
}

async function jsonOf(response: Response): Promise<unknown> {
  const { ok, status } = response;
  if (!ok) throw new Refusal(`It answered ${status}`, (errors) => errors.status(status));
  try {
    return await response.json();
  } catch {
    throw new Refusal("It answered no JSON", (errors) => errors.answer);
  }
}
