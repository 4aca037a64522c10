import { useState } from "preact/hooks";
import type { Chat } from "./chat.js";
import { Avatar, Modal } from "./parts.js";
import { asRefusal } from "./room.js";
import type { Room } from "./room.js";

/** Members lists who is on the list. Guests are on none. */
export function Members({ chat, room, onClose, onLeave }: { chat: Chat; room: Room; onClose(): void; onLeave?(): void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const more = () => {
    setBusy(true);
    chat.morePeople().catch((e) => setProblem(asRefusal(e).message)).finally(() => setBusy(false));
  };
  return (
    <Modal title="People" wide onClose={onClose}>
      <div class="scroll">
        <ul class="members">
          {room.participants.map(({ user, access }) => (
            <li key={user.id}>
              <Avatar id={user.id} name={user.name} photo={user.photoUrl} size="m" online={room.online[user.id]} />
              <div class="names">
                <p><bdi>{user.name}</bdi>{user.id === chat.me && <span class="you"> you</span>}</p>
                {(access === "Read" || room.online[user.id]) && <p class="note">{[room.online[user.id] && "Online", access === "Read" && "Reads only"].filter(Boolean).join(" · ")}</p>}
              </div>
            </li>
          ))}
        </ul>
        {room.participants.length === 0 && <p class="note">Nobody is on the list.</p>}
        {room.moreParticipants && (
          <button type="button" class="btn" onClick={more} aria-busy={busy}>
            {busy ? "Loading" : "Show more"}
          </button>
        )}
        {problem && <p class="note" role="alert">{problem}</p>}
      </div>
      {onLeave && (
        <footer>
          <button type="button" class="btn btn-danger-quiet" onClick={onLeave}>Leave…</button>
        </footer>
      )}
    </Modal>
  );
}
