/** Tells requests of this machine's own programs and pages from all others. Pure. */
import type { IncomingMessage } from "node:http";

/** @param address an IP address; IPv4 also in the form of an IPv6 socket (`::ffff:127.0.0.1`) */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address);
}

/**
 * True for localhost, `*.localhost` and the loopback addresses, which always mean this machine.
 *
 * @param hostname without a port; IPv6 with or without brackets
 */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|[^/]+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

/**
 * Says why a request does not come from a program or page of this machine. The Host name counts as well as the peer's address: the
 * owner of any other name can point it at 127.0.0.1, and a page under that name then asks from the victim's own browser ("DNS
 * rebinding").
 *
 * @param listensOn the host that the server listens on. It is accepted as a name if it means this machine alone
 * @returns a sentence's end for an error message; undefined if the request is local
 */
export function whyNotLocal(request: IncomingMessage, listensOn?: string): string | undefined {
  const { remoteAddress, localAddress } = request.socket;
  if (!isLoopbackAddress(remoteAddress))
    return `only programs of the emulator's own machine may use this, not ${remoteAddress}`;
  const hostname = (request.headers.host ?? "").replace(/:\d*$/, "");
  const isOwnName = isLoopbackAddress(localAddress) && hostname !== "" && hostname === listensOn;
  if (isLoopbackName(hostname) || isOwnName) return undefined;
  return `the host name ${JSON.stringify(hostname)} may be anybody's: ask for it as localhost or 127.0.0.1`;
}
