// A page of the form in a frame: tells the page around it how high it is, if that is one of the allowed sites.
(() => {
  "use strict";

  const allowed = document.querySelector("meta[name=embed-origins]").content.split(" ");
  let around = "";
  const tell = () => {
    const formHeight = document.body.getBoundingClientRect().height;
    if (around) parent.postMessage({ formHeight }, around);
  };

  addEventListener("message", (event) => {
    if (event.source !== parent || !allowed.includes(event.origin)) return;
    if (event.data === "transparent") document.body.classList.add("transparent");
    if (event.data !== "form-height?") return;
    around = event.origin;
    tell();
  });
  new ResizeObserver(tell).observe(document.body);

  document.querySelector("form[data-begin]")?.requestSubmit(); // the frame is to begin at the form

  // What is not there in the frame opens in a tab of its own.
  for (const link of document.links) {
    if (link.origin === location.origin && link.pathname.startsWith("/embed/")) continue;
    link.target = "_blank";
    link.rel = "noopener";
  }
})();
