/* Keys on the list of leads and on a lead: j and k move, Enter opens, c claims, n writes a note.

   Each presses what is on the page already, so the page works without them. */

"use strict";

{
const rows = () => [...document.querySelectorAll("#result_list tbody tr")];
const link = (row) => row?.querySelector("th a, td a[href*='/leads/lead/']");
const chosen = () => document.querySelector("#result_list .bo-chosen");

function choose(row) {
  if (!row) return;
  chosen()?.classList.remove("bo-chosen");
  row.classList.add("bo-chosen");
  link(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = rows();
  const at = all.indexOf(chosen());
  choose(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

const note = () => document.getElementById("note");
const keys = {
  j: () => move(1),
  k: () => move(-1),
  c: () => (chosen() ?? document).querySelector("[data-key=c]")?.click(),
  n: () => (note() ? note().focus() : chosen() && location.assign(`${link(chosen()).pathname}#note`)),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  if (event.key === "c" && rows().length && !chosen()) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener("DOMContentLoaded", () => location.hash === "#note" && note()?.focus());
}

/* The list refreshes itself quietly: every half minute while it is looked at, and never under somebody's hands.
   The number of leads to call is in the title. */
{
const EVERY = 30_000;
const AWAY = 30 * 60_000; // an open page that nobody uses does not keep its session alive
const PARTS = ["#result_list", ".bo-tabs"];
let used = Date.now();

function title() {
  const waiting = document.querySelector("[data-waiting]")?.dataset.waiting;
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = waiting ? `(${waiting}) ${plain}` : plain;
}

const busy = () =>
  document.hidden ||
  new URLSearchParams(location.search).has("q") || // each search is recorded, and nobody has searched

  Date.now() - used > AWAY ||
  document.querySelector("#result_list .bo-chosen, #result_list input:checked") ||
  document.activeElement?.closest("#result_list, form");

async function refresh() {
  if (busy()) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected || busy()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of PARTS) {
    const [now, then] = [document.querySelector(part), page.querySelector(part)];
    if (now && then) now.replaceWith(document.adoptNode(then));
  }
  title();
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => (used = Date.now()));
document.addEventListener("DOMContentLoaded", () => {
  title();
  if (document.querySelector(".bo-tabs")) setInterval(() => refresh().catch(() => {}), EVERY);
});
}

/* The brief is copied as text by a button; without this script, or on a page without https, it is selected by hand. */
document.addEventListener("DOMContentLoaded", () => {
  const brief = document.querySelector("[data-copy]");
  if (!brief || !navigator.clipboard) return;
  const plain = (part) => part.textContent.trim().replace(/\s+/g, " ");
  const text = [...brief.querySelectorAll("h3, dl > div, ul")]
    .map((block) => (block.matches("h3") ? [block] : [...block.children]).map(plain).join("\n"))
    .join("\n\n");
  const [row, button, status] = ["p", "button", "span"].map((name) => document.createElement(name));
  Object.assign(button, { type: "button", className: "bo-button", textContent: brief.dataset.copy });
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = ` ${brief.dataset.copied}`;
    } catch {
      getSelection().selectAllChildren(brief); // the browser forbids it: one key is left to press
    }
  });
  row.append(button, status);
  brief.append(row);
});

/* Moments in the zone of whoever reads them; without this script they are in UTC. */
document.addEventListener("DOMContentLoaded", () => {
  const { lang } = document.documentElement;
  const format = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  for (const moment of document.querySelectorAll("time[datetime]")) {
    moment.title = moment.textContent;
    moment.textContent = format.format(new Date(moment.dateTime));
  }
});
