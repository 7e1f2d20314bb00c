// The list of notices counts as seen when somebody really looks at it.
"use strict";

(() => {
  const look = () => {
    const form = document.querySelector("[data-look]");
    if (form && !document.hidden) form.dispatchEvent(new Event("looked"));
  };
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:load", look);
})();
