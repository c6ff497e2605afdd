// Copy the pages of a PDF to an empty one with pdf-lib.
//
//     node copy_pdflib.mjs IN.pdf OUT.pdf
import { readFile, writeFile } from "node:fs/promises";
import { PDFDocument } from "pdf-lib";

const [source, target] = process.argv.slice(2);
const pdf = await PDFDocument.load(await readFile(source));
const copy = await PDFDocument.create();
for (const page of await copy.copyPages(pdf, pdf.getPageIndices())) {
  copy.addPage(page);
}
await writeFile(target, await copy.save());
