/* Drag the lines of a list into another order, and say what a condition does while it is chosen.

   In a form, dropping writes the places into the fields "Place"; on the page of a questionnaire it sends the
   line's own form with its new place. The sentence comes from the server. Everything works without this script:
   by the buttons Up and Down, and the one that asks for the sentence. */

"use strict";

{
let dragged = null;

const rowOf = (element) => element.closest?.("[data-row]");
const rows = (list) => [...list.querySelectorAll(":scope > [data-row]")];

for (const row of document.querySelectorAll("[data-sortable] > [data-row]:has([data-mover], [name$=-ORDER])")) {
  const handle = document.createElement("span");
  handle.className = "bo-handle";
  handle.draggable = true;
  handle.setAttribute("aria-hidden", "true");
  handle.textContent = "⠿";
  row.prepend(handle);
}

document.addEventListener("dragstart", (event) => {
  if (!event.target.classList?.contains("bo-handle")) return;
  dragged = rowOf(event.target);
  dragged.classList.add("bo-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
});

document.addEventListener("dragover", (event) => {
  const home = dragged?.parentElement;
  const list = home && event.target.closest?.(`[data-sortable="${home.dataset.sortable}"]`);
  if (!list || (list !== home && !list.dataset.section)) return;
  event.preventDefault();
  const over = rows(list).find((row) => row.contains(event.target));
  if (!over) {
    if (!rows(list).length) list.append(dragged);
    return;
  }
  const { top, height } = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY > top + height / 2 ? "after" : "before"](dragged);
});

document.addEventListener("drop", (event) => dragged && event.preventDefault());

document.addEventListener("dragend", () => {
  if (!dragged) return;
  const list = dragged.parentElement;
  dragged.classList.remove("bo-dragged");
  const form = dragged.querySelector("[data-mover]");
  if (form) send(form, list);
  else number(list);
  dragged = null;
});

function number(list) {
  rows(list).forEach((row, index) => {
    const place = row.querySelector("[name$=-ORDER]");
    const filled = [...row.querySelectorAll("input:not([type=hidden], [name$=-ORDER], [type=checkbox])")];
    if (place && filled.some(({ value }) => value)) place.value = index + 1;
  });
}

function send(form, list) {
  const fields = { to: rows(list).findIndex((row) => row.contains(form)), section: list.dataset.section ?? "" };
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  form.submit();
}

document.querySelector("[data-part] [autofocus]")?.focus(); // the button that was pressed, in its new place

const part = document.querySelector("[data-part]");
const ASKING = /^(lines-|join$|action$|targets$|priority$)/;
let asked = null; // the question under way, which a newer one ends

part?.addEventListener("change", async ({ target }) => {
  if (!ASKING.test(target.name)) return;
  if (target.name.endsWith("-level")) rowOf(target).dataset.level = target.value;
  const fields = new URLSearchParams(new FormData(part));
  fields.set("say", "1");
  asked?.abort();
  asked = new AbortController();
  const page = await fetch(location.href, { method: "POST", body: fields, signal: asked.signal })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  if (!page) return; // the page is left, or something was chosen meanwhile
  const found = new DOMParser().parseFromString(page, "text/html");
  for (const selector of ["[data-sentence]", "[data-hint]"]) {
    const fresh = found.querySelectorAll(selector);
    document.querySelectorAll(selector).forEach((element, index) => {
      element.textContent = fresh[index]?.textContent ?? "";
      if (selector === "[data-sentence]") element.hidden = !element.textContent;
    });
  }
});
}
