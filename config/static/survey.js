/* The tap in the mail counts: the page that it opens sends the score of its link by itself, as soon
   as a person seems to be there. Why so, and what counts against a program: resolutions/surveys.py.
   Without this file the button sends it. */

(() => {
  const LOOKED_AT = 2000; // milliseconds
  const SETTLED = 600; // whoever goes through the numbers with the keys means the last one

  const form = document.getElementById("answer");
  const says = document.getElementById("says");
  const by = form.elements.by;
  let { trap, byItself, stands, standsBy } = form.dataset; // the last: "page" or "hand"
  let later = 0; // the timer of what is sent when it has settled
  let looking = 0; // the timer of being looked at
  let seen = false;
  let underWay = 0;
  let going = Promise.resolve(); // one after the other: the last one counts

  by.value = "page";
  if (navigator.webdriver) return; // a program says so itself

  const picked = () => form.elements.score.value;

  async function post(address, body) {
    underWay += 1;
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { Accept: "application/json" },
        keepalive: true,
      });
      return answer.status === 200 ? await answer.json() : null;
    } catch {
      return null; // no connection: the button is there
    } finally {
      underWay -= 1;
    }
  }

  function send() {
    clearTimeout(later);
    const score = picked();
    const who = by.value;
    if (trap && who !== "hand") {
      post(trap, {});
      trap = "";
    }
    if (!score || (who !== "hand" && !byItself)) return;
    if (score === stands && (standsBy === "hand" || who !== "hand")) return;
    [stands, standsBy] = [score, who];
    going = going.then(async () => {
      const answer = await post(form.action, { score, by: who });
      if (!answer?.counts) {
        byItself = ""; // a hand may try again
        if (stands === score) stands = "";
      }
      if (!answer || picked() !== score) return;
      says.textContent = answer.says;
      says.classList.toggle("sent", answer.counts);
    });
  }

  function sendSoon() {
    clearTimeout(later);
    later = setTimeout(send, SETTLED);
  }

  // No script can make an event that is trusted: there is a hand.
  function touched(event) {
    if (!event.isTrusted) return;
    by.value = "hand";
    if (form.contains(event.target)) sendSoon(); // what is pressed there may choose another number
    else send();
  }

  for (const sign of ["pointerdown", "touchstart", "keydown", "wheel", "click"]) {
    addEventListener(sign, touched, { capture: true, passive: true });
  }
  addEventListener("scroll", send, { capture: true, passive: true });
  form.addEventListener("change", sendSoon);

  form.addEventListener("submit", (event) => {
    clearTimeout(later);
    [stands, standsBy] = [picked(), by.value]; // leaving the page has nothing more to send
    if (!underWay) return;
    event.preventDefault();
    going.finally(() => form.submit());
  });

  function look() {
    clearTimeout(looking);
    if (document.visibilityState === "visible") {
      seen = true;
      looking = setTimeout(send, LOOKED_AT);
    } else if (seen) {
      send();
    }
  }

  addEventListener("visibilitychange", look, true);
  look();
})();
