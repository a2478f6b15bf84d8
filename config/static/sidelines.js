/* The sidelines refresh by themselves. What has the focus keeps it if it is there afterwards, which
   htmx tells by its id; whoever is about to copy something is left in peace. When the program can't
   be reached the page says so, instead of looking as if nothing happened. */

(() => {
  const today = () => document.getElementById("today");
  const tell = (stale) => { document.getElementById("stale").hidden = !stale; };
  const inUse = () => {
    const focused = document.activeElement;
    return (today().contains(focused) && !focused.id) || String(document.getSelection()) !== "";
  };

  addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden || inUse()) event.preventDefault();
  });
  // Told once of every request, whatever became of it: lost, refused, signed out, or there.
  addEventListener("htmx:afterRequest", (event) => tell(!event.detail.successful));
})();
