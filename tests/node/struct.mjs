// Print the structure tree of every page as a JSON array, as pdf.js hands it to a screen reader.
//
//     node struct.mjs IN.pdf
import { open } from "./open.mjs";

const pdf = await open(process.argv[2]);
const trees = [];
for (let number = 1; number <= pdf.numPages; number += 1) {
  trees.push(await (await pdf.getPage(number)).getStructTree());
}
console.log(JSON.stringify(trees));
