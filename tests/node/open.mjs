// pdf.js as it runs under Node: no canvas, no network, and silent about not being able to draw.
import { readFile } from "node:fs/promises";

// It looks for a canvas package and warns at the console when there is none; nothing is drawn here.
const { warn } = console;
console.warn = () => {};
const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
console.warn = warn;

export async function open(path) {
  return getDocument({ data: new Uint8Array(await readFile(path)), verbosity: 0 }).promise;
}
