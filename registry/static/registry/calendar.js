// Through the calendar by keyboard: arrows from day to day, PageUp and PageDown, t for today,
// m, w and l for the views. Without scripting, every day and step is a link.
(() => {
  "use strict";

  const calendar = document.querySelector("[data-calendar]");
  if (!calendar) return;
  const DAY = 86_400_000;
  const rightToLeft = document.documentElement.dir === "rtl";
  const MOVES = {
    ArrowLeft: rightToLeft ? 1 : -1,
    ArrowRight: rightToLeft ? -1 : 1,
    ArrowUp: -7,
    ArrowDown: 7,
  };

  const linkOf = (day) => calendar.querySelector(`[data-day="${day}"]`);
  const moved = (day, by) => new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);
  const follow = (link, hash) => { if (link) location.assign(link.href.split("#")[0] + (hash || "")); };

  function focus(link) {
    calendar.querySelectorAll("[data-day][tabindex='0']").forEach((other) => { other.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
  }

  function step(day, by) {
    const target = moved(day, by);
    const link = linkOf(target);
    if (link) { focus(link); return; }
    const address = new URL(location.href);
    address.searchParams.set("on", target);
    address.hash = "day";
    location.assign(address);
  }

  function inList(current, by) {
    const days = [...calendar.querySelectorAll("[data-day]")];
    const next = days[days.indexOf(current) + Math.sign(by)];
    if (next) next.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const current = event.target.closest("[data-day]")
      || calendar.querySelector("[data-day][tabindex='0']") || calendar.querySelector("[data-day]");
    if (event.key in MOVES) {
      if (!event.target.closest("[data-calendar]") && event.target !== document.body) return;
      if (!current) return;
      event.preventDefault();
      if (calendar.dataset.view === "list") inList(current, MOVES[event.key]);
      else if (current !== document.activeElement) focus(current);
      else step(current.dataset.day, MOVES[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      const week = event.target.closest("tr");
      if (!week || !current) return;
      const days = week.querySelectorAll("[data-day]");
      event.preventDefault();
      focus(days[event.key === "Home" ? 0 : days.length - 1]);
    } else if (event.key === "PageUp") {
      event.preventDefault();
      follow(calendar.querySelector("[rel='prev']"), "#day");
    } else if (event.key === "PageDown") {
      event.preventDefault();
      follow(calendar.querySelector("[rel='next']"), "#day");
    } else if (event.key === "t") {
      follow(calendar.querySelector("[data-today]"), "#day");
    } else if (["m", "w", "l"].includes(event.key)) {
      const name = { m: "month", w: "week", l: "list" }[event.key];
      follow(calendar.querySelector(`[data-view-of="${name}"]`));
    }
  });

  if (location.hash === "#day") {
    const chosen = calendar.querySelector("[data-day][tabindex='0']") || calendar.querySelector("[data-day]");
    if (chosen) chosen.focus();
  }
})();
