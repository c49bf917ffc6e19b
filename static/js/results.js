// The result page: contact details without losing the place, and a link that is copied at a click. Without this
// script the form goes to the server and comes back to its anchor.
(() => {
  "use strict";

  const PATIENCE = 10_000; // ms for one answer
  const part = document.getElementById("contact");
  let busy = false;

  const send = async (form, button) => {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, button),
      headers: { "X-Part": "1" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status !== 200 && response.status !== 422) {
      form.submit(); // the page that comes says what happened
      return;
    }
    part.innerHTML = await response.text();
    (part.querySelector("[aria-invalid]") || part.querySelector("[role=status]"))?.focus();
  };

  part?.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-part]")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    const lost = form.querySelector("[data-lost]");
    lost.textContent = "";
    try {
      await send(form, event.submitter);
    } catch {
      lost.textContent = lost.dataset.lost;
    }
    busy = false;
  });

  // The score counts up once, for those who like motion; screen readers hear the title of the picture.
  const COUNTING = 900; // ms
  const number = document.querySelector(".of-result .gauge-score");
  const arc = document.querySelector(".of-result .gauge-value");
  if (number && arc && document.visibilityState === "visible" && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const score = Number(number.textContent);
    const begin = performance.now();
    const draw = (now) => {
      const share = Math.min(1, (now - begin) / COUNTING);
      const shown = score * (1 - (1 - share) ** 3);
      number.textContent = Math.round(shown);
      arc.setAttribute("stroke-dasharray", `${shown} 200`);
      if (share < 1) requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  // The slim bar of phones steps aside while the same button is in view.
  const bar = document.querySelector("[data-call-bar]");
  if (bar && "IntersectionObserver" in window) {
    const seen = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target) : seen.delete(target);
      bar.hidden = seen.size > 0;
    });
    document.querySelectorAll(".result .button, .call .button, #details").forEach((each) => observer.observe(each));
  }

  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
    });
  });
})();
