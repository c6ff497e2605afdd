// Print the form fields as pdf.js sees them: {"fully.qualified.name": [{"type": …, "value": …, …}]}.
//
//     node fields.mjs IN.pdf
import { open } from "./open.mjs";

const pdf = await open(process.argv[2]);
console.log(JSON.stringify((await pdf.getFieldObjects()) ?? {}));
