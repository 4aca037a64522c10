import { Component } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "./chat.js";
import { Glyph } from "./icons.js";
import { Avatar, Menu, Written } from "./parts.js";
import { rows } from "./rows.js";
import type { Row } from "./rows.js";
import type { Outgoing, Room } from "./room.js";
import type { Message } from "./shapes.js";
import { plain } from "./text.js";
import { historySince, dayName, list, moment, time } from "./words.js";

const fromServer = (m: Message) => m.type === "SystemMessage" || (m.origin !== "" && m.origin !== "web");

interface Props {
  chat: Chat;
  room: Room;
  outbox: Outgoing[];
  loadingMore: boolean;
  shown: boolean; // whether anybody can see it
  onEdit(message: Message): void;
  onDelete(message: Message): void;
}

/** Messages is the log: it stays at its end while it is there, and where one reads while one reads. */
export function Messages({ chat, room, outbox, loadingMore, shown, onEdit, onDelete }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef({ atEnd: true, height: 0, top: 0, first: 0, last: 0, opened: false });
  const [behind, setBehind] = useState(false); // whether the end is out of sight
  const [news, setNews] = useState(0); // messages that came meanwhile
  const [said, setSaid] = useState<string[]>([]);
  const [menuAt, setMenuAt] = useState("");
  const all = useMemo(() => rows(room.messages, chat.me, room.unreadFrom), [room.messages, room.unreadFrom]);
  const photos = useMemo(() => new Map(room.participants.map((p) => [p.user.id, p.user.photoUrl])), [room.participants]);
  const canWrite = room.access === "ReadWrite";
  const own = useMemo(() => (canWrite ? room.messages.filter((m) => m.senderId === chat.me && m.type === "UserMessage" && !m.deletedAt).map((m) => m.id) : []), [room.messages, canWrite]);
  const tabStop = own.includes(menuAt) ? menuAt : own[own.length - 1];

  // Where one is, before anything new is drawn, stays where it is after.
  useLayoutEffect(() => {
    const box = scroller.current!;
    const at = place.current;
    const first = room.messages[0]?.seq ?? 0;
    const last = room.messages[room.messages.length - 1]?.seq ?? 0;
    const unread = box.querySelector<HTMLElement>(".divider");
    const mine = outbox.length > 0 || room.messages[room.messages.length - 1]?.senderId === chat.me;
    if (!at.opened && unread && box.scrollHeight - unread.offsetTop > box.clientHeight) box.scrollTop = unread.offsetTop - 48;
    else if (!at.opened || at.atEnd || (mine && last > at.last)) box.scrollTop = box.scrollHeight;
    else if (first < at.first) box.scrollTop = at.top + box.scrollHeight - at.height;
    if (at.opened && last > at.last && !at.atEnd && !mine) setNews((n) => n + room.messages.filter((m) => m.seq > at.last && m.senderId !== chat.me).length);
    if (at.opened && last > at.last) {
      const fresh = room.messages.filter((m) => m.seq > at.last && m.senderId !== chat.me && !m.deletedAt).slice(-3);
      if (fresh.length) setSaid(fresh.map((m) => `${m.senderName ?? ""}${m.senderName ? ": " : ""}${plain(m.text, fromServer(m))}`));
    }
    at.opened = true;
    at.first = first;
    at.last = last;
    look();
  }, [all, outbox, loadingMore]);

  const look = () => {
    const box = scroller.current!;
    const at = place.current;
    at.height = box.scrollHeight;
    at.top = box.scrollTop;
    at.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    setBehind(box.scrollHeight - box.scrollTop - box.clientHeight > 240);
    if (at.atEnd) setNews(0);
    if (at.atEnd && shown && document.visibilityState === "visible") chat.read();
    if (box.scrollTop < 300 && room.next && !loadingMore) void chat.more();
  };
  const latest = useRef({ look, own });
  latest.current = { look, own };
  useEffect(look, [shown, room.next]);
  useEffect(() => {
    const box = scroller.current!;
    const keepEnd = new ResizeObserver(() => {
      if (place.current.atEnd) box.scrollTop = box.scrollHeight;
      latest.current.look();
    });
    const back = () => latest.current.look();
    keepEnd.observe(box);
    document.addEventListener("visibilitychange", back);
    return () => {
      keepEnd.disconnect();
      document.removeEventListener("visibilitychange", back);
    };
  }, []);

  const toEnd = () => {
    const box = scroller.current!;
    place.current.atEnd = true;
    box.scrollTo({ top: box.scrollHeight, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    box.focus({ preventScroll: true });
  };
  const arrow = (id: string, by: number) => {
    const mine = latest.current.own; // lines keep the handlers that they were drawn with
    const to = mine[mine.indexOf(id) + by];
    if (!to) return;
    setMenuAt(to);
    scroller.current!.querySelector<HTMLElement>(`[data-message="${CSS.escape(to)}"] .btn-icon`)?.focus();
  };
  const seen = useMemo(() => seenBy(room, chat.me), [room.messages, room.readers, room.participants]);

  return (
    <div class="log-frame">
      <div ref={scroller} class="log" role="log" aria-live="off" aria-label="Messages" tabIndex={0} onScroll={look}>
        {room.next && <p class="older">{loadingMore ? "Loading earlier messages…" : ""}</p>}
        {!room.next && room.conversation?.historyFrom && <p class="older">{historySince(room.conversation.historyFrom)}</p>}
        {!room.next && room.messages.length === 0 && outbox.length === 0 && <Beginning room={room} />}
        <ol>
          {all.map((row) => (
            <Line
              key={row.key} row={row} photo={row.kind === "message" ? photos.get(row.message.senderId ?? "") : undefined}
              seen={row.kind === "message" && row.message.id === seen.id ? seen.words : ""}
              menu={row.kind === "message" && own.includes(row.message.id)} stop={row.key === tabStop} onArrow={arrow} onEdit={onEdit} onDelete={onDelete}
            />
          ))}
          {outbox.map((o) => (
            <Unsent key={o.key} message={o} onRetry={() => chat.retry(o.key)} onDiscard={() => chat.discard(o.key)} />
          ))}
        </ol>
      </div>
      {behind && (
        <button type="button" class={news ? "to-end news" : "to-end"} onClick={toEnd} aria-label={news ? undefined : "To the newest message"}>
          <Glyph name="down" />
          {news > 0 && (news === 1 ? "1 new message" : `${news} new messages`)}
        </button>
      )}
      <div class="sr-only" role="status" aria-live="polite">
        {said.map((line, i) => (
          <p key={i + line}>{line}</p>
        ))}
      </div>
    </div>
  );
}

// Beginning is what an empty conversation shows: its welcome messages, or the next step.
function Beginning({ room }: { room: Room }) {
  const welcome = (room.conversation?.welcomeMessages ?? []).filter(Boolean);
  return (
    <div class="beginning">
      {welcome.map((text, i) => (
        <p key={i} class="system">
          <Written text={text} labels={false} />
        </p>
      ))}
      {welcome.length === 0 && (
        <>
          <Glyph name="chats" />
          <p class="strong">No messages yet</p>
          <p>{room.access === "ReadWrite" ? "Write the first one." : "What is written here appears at once."}</p>
        </>
      )}
    </div>
  );
}

// seenBy tells who has read the newest message of one's own.
function seenBy(room: Room, me: string): { id: string; words: string } {
  const mine = room.messages.filter((m) => m.senderId === me && !m.deletedAt).pop();
  if (!mine) return { id: "", words: "" };
  const names = room.participants.filter((p) => p.user.id !== me && (room.readers[p.user.id] ?? 0) >= mine.seq).map((p) => p.user.name);
  const oneToOne = room.participants.length === 2 && !room.moreParticipants;
  return { id: mine.id, words: names.length ? (oneToOne ? "Seen" : "Seen by " + list(names)) : "" };
}

interface LineProps {
  row: Row;
  photo?: string | null;
  seen: string;
  menu: boolean;
  stop: boolean;
  onArrow(id: string, by: number): void;
  onEdit(message: Message): void;
  onDelete(message: Message): void;
}

// Line is drawn again only when what it shows differs: a conversation may have thousands.
class Line extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps) {
    const a = this.props;
    const b = next;
    const message = a.row.kind !== b.row.kind || ("message" in a.row && "message" in b.row && a.row.message !== b.row.message);
    const place = a.row.kind === "message" && b.row.kind === "message" && (a.row.head !== b.row.head || a.row.last !== b.row.last);
    return message || place || a.row.key !== b.row.key || a.photo !== b.photo || a.seen !== b.seen || a.menu !== b.menu || a.stop !== b.stop;
  }

  override render(props: LineProps) {
    return draw(props);
  }
}

function draw({ row, photo, seen, menu, stop, onArrow, onEdit, onDelete }: LineProps) {
  if (row.kind === "day") return <li class="day"><span>{dayName(row.at)}</span></li>;
  if (row.kind === "unread") return <li class="divider"><span>New</span></li>;
  const { message } = row;
  if (row.kind === "system")
    return (
      <li class="system" title={moment(message.createdAt)}>
        {message.deletedAt ? "Message deleted" : <Written text={message.text} labels />}
      </li>
    );
  const name = message.senderName ?? "Someone who is gone";
  const deleted = Boolean(message.deletedAt);
  return (
    <li class={`msg${row.own ? " own" : ""}${row.head ? " head" : ""}${row.last ? " last" : ""}`} data-message={message.id}>
      {!row.own && (row.head ? <Avatar id={message.senderId ?? ""} name={name} photo={photo} size="s" guest={message.guest} /> : <span class="av-space" />)}
      <div class="body">
        {row.head ? (
          <p class="from">
            <b class={row.own ? "sr-only" : ""}><bdi>{row.own ? "You" : name}</bdi></b> {message.guest && !row.own && <span class="as-guest">guest </span>}<time dateTime={new Date(message.createdAt).toISOString()} title={moment(message.createdAt)}>{time(message.createdAt)}</time>
          </p>
        ) : (
          <span class="sr-only">{row.own ? "You" : name}, {time(message.createdAt)}: </span>
        )}
        <div class="line">
          <div class={deleted ? "bubble gone" : "bubble"} dir="auto" title={row.head ? undefined : moment(message.createdAt)}>
            {deleted ? "Message deleted" : <Written text={message.text} labels={fromServer(message)} />}
            {message.editedAt && !deleted && <span class="edited" title={moment(message.editedAt)}> edited</span>}
          </div>
          {menu && (
            <Menu
              label="Message options" tabIndex={stop ? 0 : -1} onArrow={(by) => onArrow(message.id, by)}
              actions={[{ label: "Edit", icon: "edit", act: () => onEdit(message) }, { label: "Delete…", icon: "bin", danger: true, act: () => onDelete(message) }]}
            />
          )}
        </div>
        {seen && <p class="state">{seen}</p>}
      </div>
    </li>
  );
}

function Unsent({ message, onRetry, onDiscard }: { message: Outgoing; onRetry(): void; onDiscard(): void }) {
  const failed = message.state === "failed";
  return (
    <li class={`msg own head last unsent${failed ? " failed" : ""}`}>
      <div class="body">
        <div class="line">
          <div class="bubble" dir="auto">
            <Written text={message.text} labels={false} />
          </div>
        </div>
        {failed ? (
          <div class="state failure" role="alert">
            <span>Not sent. {message.error?.message}</span>
            <span class="choices">
              <button type="button" class="link" onClick={onRetry}>Try again</button>
              <button type="button" class="link" onClick={onDiscard}>Discard</button>
            </span>
          </div>
        ) : (
          <p class="state">{message.state === "sending" ? "Sending…" : "Waiting to send"}</p>
        )}
      </div>
    </li>
  );
}
