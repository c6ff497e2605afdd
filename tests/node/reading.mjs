// Print what pdf.js hands to a screen reader, one JSON array for each file, a line each:
// for every page its structure tree, the text of its marked content by id, and its annotations by id.
//
//     node reading.mjs IN.pdf...
import { open } from "./open.mjs";

for (const path of process.argv.slice(2)) {
  const pdf = await open(path);
  const places = new Map();
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { ref } = await pdf.getPage(number);
    places.set(`${ref.num} ${ref.gen}`, number);
  }
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const annotations = {};
    for (const found of await page.getAnnotations()) {
      const { dest, url, rect, alternativeText, contentsObj, fieldType, fieldValue, exportValue, required } = found;
      // A destination within the file: page, left, top.
      const place = dest && [places.get(`${dest[0].num} ${dest[0].gen}`), dest[2], dest[3]];
      const label = alternativeText ?? contentsObj?.str;
      annotations[found.id] = {
        page: number, rect, label, fieldType, fieldValue, exportValue, required, combo: found.combo ?? false, place, url,
      };
    }
    pages.push({ tree: await page.getStructTree(), texts: await texts(page), annotations });
  }
  console.log(JSON.stringify(pages));
  await pdf.destroy();
}

async function texts(page) {
  const { items } = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
  const found = {};
  const open = [];
  for (const item of items) {
    if (item.type?.startsWith("beginMarkedContent")) {
      open.push(item.id);
    } else if (item.type === "endMarkedContent") {
      open.pop();
    } else {
      const id = open.findLast(Boolean); // a few letters within may be marked on their own, without an id
      if (id) {
        found[id] = (found[id] ?? "") + item.str;
      }
    }
  }
  return found;
}
