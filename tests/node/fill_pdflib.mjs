// Fill a PDF form with pdf-lib.
//
//     node fill_pdflib.mjs IN.pdf OUT.pdf VALUES.json font|plain|flatten [FONT.ttf]
//
// VALUES.json: {"fully.qualified.name": true | false | "text"}. An unknown name is an error.
//   font     appearances with a font that has the letters; pdf-lib's own has only those of Windows-1252
//   plain    no new appearances for texts
//   flatten  filled, then made flat
import { readFile, writeFile } from "node:fs/promises";
import fontkit from "@pdf-lib/fontkit";
import { PDFCheckBox, PDFDocument, PDFDropdown, PDFTextField } from "pdf-lib";

const [source, target, valuesFile, way, fontFile] = process.argv.slice(2);
const pdf = await PDFDocument.load(await readFile(source));
const form = pdf.getForm();
for (const [name, value] of Object.entries(JSON.parse(await readFile(valuesFile, "utf8")))) {
  const field = form.getField(name);
  if (field instanceof PDFTextField) {
    field.setText(value);
  } else if (field instanceof PDFCheckBox) {
    value ? field.check() : field.uncheck();
  } else if (field instanceof PDFDropdown) {
    field.select(value);
  } else {
    throw new Error(`${name} is a ${field.constructor.name}`);
  }
}
if (way !== "plain") {
  pdf.registerFontkit(fontkit);
  form.updateFieldAppearances(await pdf.embedFont(await readFile(fontFile), { subset: true }));
}
if (way === "flatten") {
  form.flatten({ updateFieldAppearances: false });
}
await writeFile(target, await pdf.save({ updateFieldAppearances: false }));
