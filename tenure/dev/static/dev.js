// Shows the newest state of the file, moves along the play while the slider is moved, copies.
"use strict";
(() => {
  let typed = false;
  document.addEventListener("input", (event) => {
    if (event.target.type !== "range") typed = true;
  });
  const changed = document.getElementById("changed");
  const follow = new EventSource(`/changes?seen=${document.body.dataset.seen}`);
  follow.addEventListener("message", () => {
    if (!typed) { location.reload(); return; }
    follow.close();
    if (changed) changed.hidden = false;
  });
  // What is posted from here changes the play as well: reloading now would stop going on.
  document.addEventListener("submit", () => follow.close());
  addEventListener("beforeunload", () => follow.close());
  const slider = document.querySelector(".slide input");
  if (slider) slider.addEventListener("change", () => slider.form.requestSubmit());
  const copy = document.getElementById("copy");
  if (copy) {
    const text = document.getElementById("scenario-text");
    const said = document.getElementById("copied");
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        said.textContent = "Copied.";
      } catch {
        text.select();
        said.textContent = "It is selected; copy it with your keyboard.";
      }
    });
  }
})();
