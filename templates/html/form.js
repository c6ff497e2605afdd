/* The web form, offline: counts, saves the answers as a file, loads them again. It asks for nothing and sends nothing.
   Its data stand in the element with the id "ozgdoc": who the form is, and the words to say things with. */
"use strict";
(() => {
  const { words, ...identity } = JSON.parse(document.getElementById("ozgdoc").textContent);
  const inputs = [...document.querySelectorAll("[name^='fields.'], [name^='checkpoints.']")];
  const boxes = inputs.filter((input) => input.type === "checkbox");
  const entries = inputs.filter((input) => input.type !== "checkbox");
  const section = document.getElementById("answers");
  const [count, message] = section.querySelectorAll("[role=status]");

  /** What follows the first dot of an input's name: "team" or "team.yes", "place". */
  const key = (input) => input.name.slice(input.name.indexOf(".") + 1);

  const collected = () => ({
    fields: Object.fromEntries(entries.map((entry) => [key(entry), entry.value])),
    boxes: Object.fromEntries(boxes.map((box) => [key(box), box.checked])),
  });

  // As the page came: a browser that restores what was entered before a reload does so later, and it is not saved.
  let saved = JSON.stringify(collected());
  const unsaved = () => JSON.stringify(collected()) !== saved || entries.some((entry) => entry.validity.badInput);

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const tally = () => {
    const point = (box) => box.name.split(".")[1];
    const ticked = new Set(boxes.filter((box) => box.checked).map(point));
    const text = fill(words.answers_count, { done: ticked.size, total: new Set(boxes.map(point)).size });
    if (count.textContent !== text) count.textContent = text;
  };

  /** Required and empty, or half a date, which the browser would give as an empty one. */
  const incomplete = (entry) => (entry.required && !entry.value.trim()) || entry.validity.badInput;

  const mark = (entry) => {
    if (incomplete(entry)) entry.setAttribute("aria-invalid", "true");
    else entry.removeAttribute("aria-invalid");
  };

  const save = () => {
    const answers = collected();
    const name = [identity.checklist, identity.instance].filter(Boolean).join("-").replace(/[^\w.-]+/g, "_") + ".json";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(
      new Blob([JSON.stringify({ ...identity, ...answers }, null, 1)], { type: "application/json" }),
    );
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    saved = JSON.stringify(answers);
    entries.forEach(mark);
    const left = entries.filter(incomplete).map((entry) => entry.labels[0].firstChild.textContent.trim());
    const told = [fill(words.answers_saved, { file: name })];
    if (left.length) told.push(fill(words.answers_incomplete, { fields: left.join(", ") }));
    message.textContent = told.join(" ");
  };

  const show = (entry, value) => {
    if (entry.type === "select-one" && ![...entry.options].some((option) => option.value === value)) {
      entry.add(new Option(value, value));
    }
    entry.value = value;
    if (entry.type === "date" && entry.value !== value) {
      entry.type = "text"; // it is no date, and must not get lost
      entry.value = value;
    }
    mark(entry);
  };

  const load = async (file) => {
    let answers;
    try {
      answers = JSON.parse(await file.text());
    } catch {
      return words.answers_damaged;
    }
    if (answers?.ozgdoc !== identity.ozgdoc || !answers.fields || !answers.boxes) return words.answers_damaged;
    if (answers.checklist !== identity.checklist || answers.content !== identity.content) return words.answers_other;
    if (unsaved() && !confirm(words.answers_replace)) return "";
    entries.forEach((entry) => show(entry, String(answers.fields[key(entry)] ?? "")));
    boxes.forEach((box) => (box.checked = answers.boxes[key(box)] === true));
    saved = JSON.stringify(collected());
    tally();
    return words.answers_loaded;
  };

  const [saving, loading] = section.querySelectorAll("button");
  const chooser = section.querySelector("input");
  saving.addEventListener("click", save);
  loading.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (file) message.textContent = await load(file);
    target.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("input", ({ target }) => {
    if (!inputs.includes(target)) return;
    message.textContent = "";
    tally();
  });
  document.addEventListener("focusout", ({ target }) => {
    if (entries.includes(target)) mark(target);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
  addEventListener("pageshow", tally);
  section.hidden = false;
  tally();
})();
