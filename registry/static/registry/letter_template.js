// The letter beside the form follows what is typed and chosen: the preview button, pressed by itself.
(() => {
  "use strict";
  const form = document.getElementById("template-form");
  const button = document.getElementById("show-preview");
  if (!form || !button) return;
  let timer = null;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(button), 600);
  });
})();
