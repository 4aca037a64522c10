// The chat of the page that tries it: what the page's snippet does, with the values of the page.
"use strict";
addEventListener("DOMContentLoaded", async () => {
  const place = document.getElementById("try");
  const { app, user, conversation, guest, tokenUrl } = place.dataset;
  const fail = (why) => {
    const error = document.getElementById("try-error");
    error.textContent = why;
    error.hidden = false;
  };
  if (!window.Talk) return fail(word("The chat’s script did not load. Reload the page."));
  const tokenFetcher = async () => {
    const answer = await fetch(tokenUrl, { method: "POST", headers: { "X-Refresh": "1" }, body: new URLSearchParams({ user }) });
    if (!answer.ok) throw new Error(word("No token: sign in again."));
    return answer.text();
  };
  try {
    await Talk.ready;
    const session = new Talk.Session({ appId: app, userId: user, ...(tokenUrl && { tokenFetcher }) });
    const chatbox = session.createChatbox();
    chatbox.select(conversation, guest === undefined ? {} : { asGuest: true });
    await chatbox.mount(place);
  } catch (e) {
    fail(e.message);
  }
});
