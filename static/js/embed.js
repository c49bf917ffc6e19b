// Puts the form into this page, in a frame that is as high as its content: docs/embed.md.
(() => {
  "use strict";

  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const key = script.dataset.questionnaire;
  const address = new URL(key ? `/${encodeURIComponent(key)}/embed/` : "/embed/", origin);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name.toLowerCase().startsWith("utm_")) address.searchParams.set(name, value);
  }

  if (script.dataset.start === "form") address.searchParams.set("start", "form");

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = script.dataset.title || "Questionnaire";
  Object.assign(frame.style, { display: "block", width: "100%", height: "600px", border: "0" });

  // On the ground of this page the form is as light or as dark as that, whatever the visitor prefers elsewhere.
  const pixel = document.createElement("canvas").getContext("2d"); // reads a colour in any notation
  const isDark = (element) => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(element).backgroundColor;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    if (alpha > 127) return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
    return element.parentElement ? isDark(element.parentElement) : false;
  };
  const transparent = script.dataset.ground === "transparent";
  if (transparent) frame.style.colorScheme = isDark(script.parentElement) ? "dark" : "light";

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const height = event.data?.formHeight;
    if (height > 0 && height < 50_000) frame.style.height = `${Math.ceil(height)}px`;
  });

  let pages = 0;
  frame.addEventListener("load", () => {
    frame.contentWindow.postMessage("form-height?", origin);
    if (transparent) frame.contentWindow.postMessage("transparent", origin);
    if (pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
  script.after(frame);
})();
