// How far the form is, after each answer: the progress bar, what is left on this page, and the next open question.
// Loaded after form.js, which saves the answers and shows and hides questions.
(() => {
  "use strict";

  const form = document.querySelector("form[data-assessment]");
  const bar = document.querySelector("progress[data-before]");
  const next = form?.querySelector("[data-next]");
  if (!bar || !next) return;

  const rows = (question) => [...question.querySelectorAll(".matrix .row")]; // a table counts once each row has an answer
  const isAnswered = (question) =>
    (question.querySelector("input:checked") && rows(question).every((row) => row.querySelector("input:checked"))) ||
    [...question.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")].some((input) =>
      input.value.trim(),
    );
  const shown = () => [...form.querySelectorAll(".question:not([hidden])")];
  const open = () => shown().filter((question) => question.querySelector(".optional").hidden && !isAnswered(question));

  const words = next.textContent;
  const count = () => {
    const questions = shown();
    const answered = Number(bar.dataset.before) + questions.filter(isAnswered).length;
    const total = Number(bar.dataset.others) + questions.length;
    bar.max = total;
    bar.value = answered;
    document.querySelector("[data-progress]").textContent = bar.dataset.words
      .replace("{answered}", answered)
      .replace("{total}", total);
    const left = open().length;
    if (next.hasAttribute("aria-disabled")) return;
    next.textContent = left ? `${words} · ${next.dataset.left.replace("{left}", left)}` : words;
  };

  // After a choice with finger or mouse the next open question comes into view; whoever uses keys stays in place.

  let byPointer = false;
  addEventListener("pointerdown", () => (byPointer = true), true);
  addEventListener("keydown", () => (byPointer = false), true);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const show = (question) =>
    question.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  const actions = form.querySelector(".actions");
  const covered = () => (getComputedStyle(actions).position === "sticky" ? actions.offsetHeight : 0);

  form.addEventListener("change", (event) => {
    count();
    const question = event.target.closest(".question");
    if (!question || !byPointer || event.target.type !== "radio") return;
    const after = open().find((other) => question.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (after && after.getBoundingClientRect().bottom > innerHeight - covered()) show(after);
  });
  form.addEventListener("input", count);

  // The button leads to what is left. Where nothing is answered, or saved any more, the page of the server explains;
  // and whoever presses again goes on: another tab may have answered what is open here.
  const state = document.querySelector("[data-save-state]");
  let led;
  next.addEventListener("click", (event) => {
    const [left] = open();
    if (!left || left === led || !shown().some(isAnswered) || ["expired", "other"].includes(state.dataset.saveState)) return;
    event.preventDefault();
    led = left;
    show(left);
    left.querySelector("input:not([type=hidden]), textarea").focus({ preventScroll: true });
  });

  count();
})();
