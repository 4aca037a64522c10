import { useEffect, useRef, useState } from "preact/hooks";
import type { Field, Init, Line } from "../src/port.js";
import type { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import type { FieldHandle } from "./composer.js";
import { Glyph, GuestMark } from "./icons.js";
import { Members } from "./members.js";
import { keep, recall } from "./memory.js";
import { Messages } from "./messages.js";
import { Ask, Avatar, Menu, Panel, Skeleton } from "./parts.js";
import type { Action } from "./parts.js";
import { asRefusal } from "./room.js";
import type { Room } from "./room.js";
import type { Message } from "./shapes.js";
import { list, people, trouble } from "./words.js";

interface Props {
  line: Line;
  init: Init;
  chat: Chat;
  connected: boolean;
  late: boolean; // the connection is away for longer than a blink
  shown: boolean;
  field?: { at: number; field: Field };
  onBack?(): void; // to the list, where there is one
  onClose?(): void; // of a popup
}

/** ConversationView is one conversation, whatever state it is in. */
export function ConversationView({ line, init, chat, connected, late, shown, field, onBack, onClose }: Props) {
  const { room } = chat;
  const [dialog, setDialog] = useState<"people" | "leave" | Message>();
  const [editing, setEditing] = useState<Message>();
  const [problem, setProblem] = useState("");
  const [visible, setVisible] = useState(init.options.messageField?.visible !== false);
  const handle = useRef<FieldHandle>(null);
  const who = `${init.appId} ${init.userId}`;
  const open = room.phase === "open";

  useEffect(() => {
    const timer = setInterval(() => chat.tick(), 1000);
    return () => clearInterval(timer);
  }, [chat]);
  useEffect(() => {
    if (!field) return;
    const f = field.field;
    if (f.op === "focus") handle.current?.focus();
    else if (f.op === "setText") handle.current?.setText(f.text);
    else if (f.op === "typeText") handle.current?.typeText(f.text);
    else setVisible(f.visible);
  }, [field?.at, open]);
  useEffect(() => {
    if (editing && !room.messages.some((m) => m.id === editing.id && !m.deletedAt)) setEditing(undefined);
  }, [room.messages]);

  const attempt = (work: Promise<unknown>) => {
    setProblem("");
    work.catch((e) => setProblem(asRefusal(e).message));
  };
  const actions: Action[] = [{ label: "People", icon: "people", act: () => setDialog("people") }];
  if (!room.guest) {
    if (onBack) actions.push({ label: "Mark as unread", icon: "unread", act: () => attempt(chat.markUnread()) });
    actions.push({ label: "Leave…", icon: "leave", danger: true, act: () => setDialog("leave") });
  }
  const lost = room.phase === "lost" && room.error ? trouble(room.error, room.lostAt) : undefined;
  const backToFeed = lost?.act === "feed";

  return (
    <section class="conversation" aria-label="Conversation">
      {init.options.showHeader !== false && (
        <header class="top">
          {onBack && (
            <button type="button" class="btn-icon back" aria-label="All chats" title="All chats" onClick={onBack}>
              <Glyph name="back" />
            </button>
          )}
          <Head room={room} me={init.userId} connected={connected || !late} />
          {open && <Menu label="Chat menu" actions={actions} />}
          {onClose && (
            <button type="button" class="btn-icon" aria-label="Close chat" title="Close chat" onClick={onClose}>
              <Glyph name="close" />
            </button>
          )}
        </header>
      )}
      {late && !connected && (
        <div class="strip warn" role="status">
          <Glyph name="offline" />
          <p>No connection. Trying again…</p>
        </div>
      )}
      {open && room.guest && <GuestNotice who={who} room={room} />}
      {room.phase === "loading" && <Skeleton kind="messages" />}
      {lost && <Panel trouble={lost} act={backToFeed && onBack ? onBack : () => void chat.open()} label={backToFeed && !onBack ? "Try again" : undefined} />}
      {open && <Messages chat={chat} room={room} outbox={chat.outbox} loadingMore={chat.loadingMore} shown={shown} onEdit={setEditing} onDelete={setDialog} />}
      {open && (
        <footer>
          <Typing room={room} me={init.userId} />
          {problem && (
            <div class="problem" role="alert">
              <span>{problem}</span>
              <button type="button" class="btn-icon" aria-label="Close" title="Close" onClick={() => setProblem("")}>
                <Glyph name="close" />
              </button>
            </div>
          )}
          {room.access === "ReadWrite" ? (
            visible && (
              <Composer
                key={room.id} line={line} drafts={who} conversation={room.id} handle={handle} editing={editing}
                placeholder={init.options.placeholder || (room.guest ? "Write as a guest" : "Say something")}
                onSend={(text) => chat.send(text)}
                onEdit={(message, text) => { setEditing(undefined); if (text !== message.text) attempt(chat.edit(message, text)); }}
                onStopEditing={() => setEditing(undefined)}
                onEditLast={() => setEditing(room.messages.filter((m) => m.senderId === chat.me && !m.deletedAt && m.type === "UserMessage").pop())}
                onType={() => chat.typing()}
              />
            )
          ) : (
            <div class="read-only">
              <Glyph name="eye" />
              <p>You can read here, but not write.</p>
            </div>
          )}
        </footer>
      )}
      {dialog === "people" && <Members chat={chat} room={room} onClose={() => setDialog(undefined)} onLeave={room.guest ? undefined : () => setDialog("leave")} />}
      {dialog === "leave" && (
        <Ask
          title="Leave this conversation?" text="You won’t get its messages any more. What you wrote stays. To come back, somebody has to add you." yes="Leave" no="Stay"
          onNo={() => setDialog(undefined)} onYes={() => { setDialog(undefined); attempt(chat.leave()); }}
        />
      )}
      {typeof dialog === "object" && (
        <Ask
          title="Delete this message?" text="Everybody sees that a message was here, and not what it said. This can’t be undone." yes="Delete message" no="Keep it"
          onNo={() => setDialog(undefined)} onYes={() => { setDialog(undefined); attempt(chat.remove(dialog)); }}
        />
      )}
    </section>
  );
}

/** titleOf is what a conversation is called: its subject, or who else is in it. */
export function titleOf(room: Room, me: string): string {
  const others = room.participants.filter((p) => p.user.id !== me).map((p) => p.user.name);
  return room.conversation?.subject || list(others, 3) || "Chat";
}

function Head({ room, me, connected }: { room: Room; me: string; connected: boolean }) {
  if (!room.conversation)
    return (
      <>
        <span class="av av-m av-none" aria-hidden="true">
          <Glyph name="chats" />
        </span>
        <h1>Chat</h1>
      </>
    );
  const title = titleOf(room, me);
  const others = room.participants.filter((p) => p.user.id !== me);
  const oneToOne = !room.guest && others.length === 1 && !room.moreParticipants;
  const photo = room.conversation.photoUrl ?? (oneToOne ? others[0].user.photoUrl : null);
  const count = room.conversation.participantCount ?? room.participants.length;
  const online = others.filter((p) => room.online[p.user.id]).length + 1; // and oneself
  let line = oneToOne ? (room.online[others[0].user.id] ? "Online" : "") : people(count, room.conversation.participantCount === undefined && room.moreParticipants !== "");
  if (!oneToOne && Object.keys(room.online).length > 0 && !room.guest) line += `, ${online} online`;
  if (room.phase === "lost") line = "No access";
  else if (!connected) line = "Connecting…";
  return (
    <>
      <Avatar id={oneToOne && !room.conversation.photoUrl ? others[0].user.id : room.id} name={title} photo={photo} size="m" online={oneToOne && room.online[others[0].user.id]} />
      <div class="names">
        <h1 title={title}><bdi>{title}</bdi></h1>
        {line && <p>{line}</p>}
      </div>
    </>
  );
}

function GuestNotice({ who, room }: { who: string; room: Room }) {
  const [closed, setClosed] = useState(() => recall(who, "guest notice " + room.id) === "closed");
  if (closed) return null;
  return (
    <div class="strip guest">
      <GuestMark />
      <p>
        <b>You’re here as a guest.</b> {room.access === "ReadWrite" ? "You can read and write." : "You can read, but not write."} You won’t get notifications, and this chat isn’t kept in your inbox.
      </p>
      <button type="button" class="btn-icon" aria-label="Close notice" title="Close notice" onClick={() => { setClosed(true); keep(who, "guest notice " + room.id, "closed"); }}>
        <Glyph name="close" />
      </button>
    </div>
  );
}

function Typing({ room, me }: { room: Room; me: string }) {
  const names = Object.entries(room.typing).filter(([id]) => id !== me).map(([, t]) => t.name || "Someone");
  return <p class="typing" aria-live="off">{names.length > 0 && <span><bdi>{list(names)}</bdi> {names.length > 1 ? "are" : "is"} typing…</span>}</p>;
}
