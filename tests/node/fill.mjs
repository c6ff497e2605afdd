// Fill a PDF form as pdf.js (Firefox) does when somebody types, ticks and saves.
//
//     node fill.mjs IN.pdf OUT.pdf VALUES.json
//
// VALUES.json: {"fully.qualified.name": true | false | "text"}. An unknown name is an error.
import { readFile, writeFile } from "node:fs/promises";
import { open } from "./open.mjs";

const [source, target, valuesFile] = process.argv.slice(2);
const values = JSON.parse(await readFile(valuesFile, "utf8"));
const pdf = await open(source);
const fields = await pdf.getFieldObjects();
for (const [name, value] of Object.entries(values)) {
  // A parent in the hierarchy is listed too, but has no widget.
  const widgets = (fields?.[name] ?? []).filter((field) => field.rect);
  if (widgets.length === 0) {
    throw new Error(`no field is named ${name}`);
  }
  for (const widget of widgets) {
    pdf.annotationStorage.setValue(widget.id, { value });
  }
}
await writeFile(target, await pdf.saveDocument());
