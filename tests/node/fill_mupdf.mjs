// Fill a PDF form with MuPDF.js.
//
//     node fill_mupdf.mjs IN.pdf OUT.pdf VALUES.json [SAVE-OPTIONS]
//
// VALUES.json: {"fully.qualified.name": true | false | "text"}. An unknown name is an error.
import { readFile, writeFile } from "node:fs/promises";
import * as mupdf from "mupdf";

const [source, target, valuesFile, options] = process.argv.slice(2);
const values = new Map(Object.entries(JSON.parse(await readFile(valuesFile, "utf8"))));
const pdf = mupdf.Document.openDocument(await readFile(source), "application/pdf");
for (let number = 0; number < pdf.countPages(); ++number) {
  for (const widget of pdf.loadPage(number).getWidgets()) {
    const name = widget.getName();
    const value = values.get(name);
    if (!values.delete(name)) {
      continue;
    }
    if (typeof value === "string") {
      widget.setTextValue(value);
    } else if ((widget.getValue() !== "Off") !== value) {
      widget.toggle();
    }
    widget.update();
  }
}
if (values.size) {
  throw new Error(`no field is named ${[...values.keys()].join(", ")}`);
}
await writeFile(target, pdf.saveToBuffer(options ?? "").asUint8Array());
