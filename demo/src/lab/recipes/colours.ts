/** Splits code into tokens to be coloured. Knows enough of TypeScript, JSX, Vue and Svelte for the recipes. Pure. */

export type TokenKind = "comment" | "string" | "keyword" | "number" | "tag" | "name" | "plain";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const keywords =
  "as async await boolean const declare export extends false for from function if implements import in interface let new " +
  "null number of private readonly return string switch throw true try type typeof undefined void while";

/** The first rule that matches at a position wins. */
const rules: readonly (readonly [TokenKind, RegExp])[] = [
  ["comment", /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*|<!--[\s\S]*?-->/y],
  // In a template literal, `${…}` has the colour of the text.
  ["string", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/y],
  ["tag", /(?<![\w$])<\/?[A-Za-z][\w.-]*|\/>|\{[#:/@][a-z]+/y],
  ["number", /\b\d[\d_]*\b/y],
  ["keyword", new RegExp(`\\b(?:${keywords.split(" ").join("|")})\\b(?!\\s*[:?]?:)`, "y")],
  // The name of a function that is called.
  ["name", /[A-Za-z_$][\w$]*(?=\()/y],
  ["plain", /[A-Za-z_$][\w$]*|\s+/y],
];

/** Splits code into tokens. Their texts, joined, are the code again. */
export function tokens(code: string): readonly Token[] {
  const found: { kind: TokenKind; text: string }[] = [];
  for (let at = 0; at < code.length; ) {
    const { kind, text } = tokenAt(code, at);
    const last = found.at(-1);
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
    at += text.length;
  }
  return found;
}

function tokenAt(code: string, at: number): Token {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at;
    const text = pattern.exec(code)?.[0];
    if (text !== undefined && text !== "") return { kind, text };
  }
  return { kind: "plain", text: code.charAt(at) };
}
