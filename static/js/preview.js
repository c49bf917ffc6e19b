// The frame of a preview: the score by a slider, and every choice shown at once. Without it there is a button.
(() => {
  "use strict";

  const form = document.querySelector("[data-preview]");
  const score = form.elements.score;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: 100, value: score.value });
  slider.setAttribute("aria-label", score.labels[0].textContent);
  score.after(slider);
  slider.addEventListener("input", () => (score.value = slider.value));
  slider.addEventListener("change", () => {
    form.elements.page.value = "result";
    form.requestSubmit();
  });
  form.addEventListener("change", ({ target }) => target.matches("select") && form.requestSubmit());
})();
