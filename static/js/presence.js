// Says who else has this page open. The server tells; a page that nobody looks at is left after a while.
"use strict";
{
  const strip = $("[data-presence]");
  let stream, hide;
  const close = () => { stream?.close(); stream = null; };
  const open = () => {
    close();
    stream = new EventSource(strip.dataset.presence);
    stream.addEventListener("presence", (e) => {
      const text = JSON.parse(e.data);
      $("[data-presence-text]", strip).textContent = text;
      strip.hidden = !text;
    });
    stream.addEventListener("end", close);
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hide);
    if (document.hidden) hide = setTimeout(close, 5000); // a browser keeps few connections to one server
    else if (!stream) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (e) => e.persisted && open());
  if (!document.hidden) open();
}
