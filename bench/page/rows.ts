/** A list as an app shows it: for each upload a bar, a line of text and a map of its parts, drawn whenever something is told. */

export interface Row {
  draw(told: { readonly sent: number; readonly text: string; readonly parts?: Uint8Array }): void;
}

const mapWidth = 200;
const mapHeight = 8;
/** By what the part map says of a part: waiting, under way, stored, stored by an earlier page. */
const colors = ["#ddd", "#fa0", "#0a0", "#080"];

export function addRow(name: string, size: number): Row {
  const row = document.createElement("p");
  const bar = document.createElement("progress");
  const text = document.createElement("span");
  const map = document.createElement("canvas");
  bar.max = size;
  map.width = mapWidth;
  map.height = mapHeight;
  row.append(name, bar, text, map);
  document.body.append(row);
  const context = map.getContext("2d");
  return {
    draw({ sent, text: words, parts }) {
      bar.value = sent;
      text.textContent = words;
      if (parts === undefined || context === null) return;
      const width = mapWidth / parts.length;
      for (const [i, state] of parts.entries()) {
        context.fillStyle = colors[state] ?? "#000";
        context.fillRect(i * width, 0, width, mapHeight);
      }
    },
  };
}
