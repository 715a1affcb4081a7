// What every page needs of scripting: each behaviour is asked for by an attribute in the page.
(() => {
  "use strict";

  // A choice that acts at once (language, filters); without scripting a button does it.
  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-submit-on-change]");
    if (control && control.form) control.form.requestSubmit();
  });

  // One box ticks all of a name in its form; without scripting it is not there.
  document.querySelectorAll("[data-choose-all]").forEach((all) => {
    const boxes = [...document.querySelectorAll(`input[type="checkbox"][name="${all.dataset.chooseAll}"]`)];
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.closest("[hidden]").hidden = boxes.length === 0;
    all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); show(); });
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  });

  // A form that is on its way is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // Fill a form from a button (the demonstration accounts on the sign-in page).
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
      const field = document.querySelector(`[name="${name}"]`);
      if (field) field.value = value;
    }
  });

  // "/" goes to the search field, as people expect of a list.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); }
  });

  // An error summary is read first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
