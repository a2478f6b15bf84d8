/* The agent's forms ask again whenever something in them changes, and lose nothing on the way.
   Everything works without this file too: then a button asks. */

(() => {
  const root = document.documentElement;
  root.classList.add("js");
  addEventListener("DOMContentLoaded", () => {
    if (!window.htmx) root.classList.remove("js"); // it did not arrive: the button asks
  });

  const IDLE = ["customer_name", "customer_email", "note"]; // they decide nothing
  let asked = ""; // the form's contents, as they were asked about last
  let held = false; // a finger or the space bar is down: what it is on must stay until it is up
  let waiting = 0; // the timer of asking once more
  let unfolded = []; // what was opened in the part that is replaced stays open

  const form = () => document.getElementById("case-form");
  const trouble = () => document.getElementById("trouble");

  function contents() {
    const data = new FormData(form());
    for (const name of IDLE) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  function ask() {
    asked = "";
    window.htmx.trigger(form(), "change");
  }

  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => (held ? askSoon() : ask()), 200);
  }

  const letGo = () => setTimeout(() => { held = false; }, 100);
  addEventListener("pointerdown", () => { held = true; }, true);
  addEventListener("keydown", (event) => { if (event.key === " ") held = true; }, true);
  for (const up of ["pointerup", "pointercancel", "keyup"]) addEventListener(up, letGo, true);
  addEventListener("blur", letGo); // of the whole window: it does not hear of the key any more

  // The first of htmx's events for a request: a later one would have ended the request before it.
  addEventListener("htmx:confirm", (event) => {
    if (contents() === asked) return event.preventDefault();
    clearTimeout(waiting);
    asked = contents();
  });

  addEventListener("htmx:beforeSwap", (event) => {
    trouble().hidden = true;
    unfolded = [...document.querySelectorAll("#options details[open]")].map((part) => part.id);
    if (held || contents() !== asked) {
      event.detail.shouldSwap = false; // the answer is to something else than what is there now
      askSoon();
    }
  });

  addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded.filter(Boolean)) document.getElementById(id)?.setAttribute("open", "");
  });

  function tell(what) {
    asked = "";
    trouble().querySelector("p").textContent = trouble().dataset[what];
    trouble().hidden = false;
  }

  addEventListener("htmx:sendError", () => tell("offline"));
  addEventListener("htmx:timeout", () => tell("offline"));
  addEventListener("htmx:responseError", (event) => {
    tell(event.detail.xhr.status === 401 ? "signedOut" : "failed");
  });

  function step(button) {
    const field = document.getElementById(button.dataset.of);
    const count = Number.parseInt(field.value, 10) || 0;
    field.value = Math.max(1, count + Number(button.dataset.step));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function lead(event, link) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    (target.matches("fieldset") ? target.querySelector("input") : target).focus();
  }

  addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-step], [data-again], a[href^='#id_']");
    if (!pressed) return;
    if (pressed.dataset.step) step(pressed);
    else if (pressed.hash) lead(event, pressed);
    else ask();
  });

  // A form on its way says so; coming back to it, it is itself again.
  addEventListener("submit", (event) => event.target.classList.add("sending"));
  addEventListener("pageshow", () => {
    for (const sending of document.querySelectorAll(".sending")) sending.classList.remove("sending");
    // The browser filled the fields in again, but not what followed from them.
    const picked = form()?.querySelector("[name=reason_code]:checked");
    if (window.htmx && picked && !document.getElementById("act")) ask();
  });
})();
