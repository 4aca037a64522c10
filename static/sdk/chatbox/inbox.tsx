import { Glyph } from "./icons.js";
import type { Feed } from "./feed.js";
import { activity } from "./feed.js";
import { Avatar, Panel, Skeleton } from "./parts.js";
import type { Conversation } from "./shapes.js";
import { plain } from "./text.js";
import { moment, short, trouble } from "./words.js";

interface Props {
  feed: Feed;
  me: string;
  selected?: string | null;
  onSelect(id: string): void;
  onMore(): void;
  onRetry(): void;
  onClose?(): void;
}

/** Inbox is the list of one's conversations. */
export function Inbox({ feed, me, selected, onSelect, onMore, onRetry, onClose }: Props) {
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button.item")];
    const to = items[items.indexOf(document.activeElement as HTMLElement) + by];
    if (to) {
      event.preventDefault();
      to.focus();
    }
  };
  return (
    <nav class="inbox" aria-label="Chats">
      <header class="top">
        <h1>Chats</h1>
        {onClose && (
          <button type="button" class="btn-icon" aria-label="Close chat" title="Close chat" onClick={onClose}>
            <Glyph name="close" />
          </button>
        )}
      </header>
      {feed.phase === "loading" && <Skeleton kind="feed" />}
      {feed.phase === "failed" && feed.error && <Panel trouble={trouble(feed.error)} act={onRetry} />}
      {feed.phase === "open" && feed.items.length === 0 && (
        <div class="panel">
          <span class="panel-icon">
            <Glyph name="chats" />
          </span>
          <h2>No chats yet</h2>
          <p>As soon as somebody adds you to one, it is listed here.</p>
        </div>
      )}
      {feed.items.length > 0 && (
        <ul
          class="items" onKeyDown={keys}
          onScroll={(event) => {
            const box = event.currentTarget;
            if (box.scrollHeight - box.scrollTop - box.clientHeight < 300) onMore();
          }}
        >
          {feed.items.map((c) => (
            <Item key={c.id} conversation={c} me={me} current={c.id === selected} onSelect={() => onSelect(c.id)} />
          ))}
        </ul>
      )}
    </nav>
  );
}

function Item({ conversation: c, me, current, onSelect }: { conversation: Conversation; me: string; current: boolean; onSelect(): void }) {
  const title = titleOfItem(c, me);
  const unread = c.unread ?? 0;
  const at = activity(c);
  return (
    <li>
      <button type="button" class={unread ? "item unread" : "item"} aria-current={current ? "true" : undefined} onClick={onSelect}>
        <Avatar id={c.id} name={title} photo={c.photoUrl} size="m" />
        <span class="names">
          <span class="first">
            <b><bdi>{title}</bdi></b>
            <time dateTime={new Date(at).toISOString()} title={moment(at)}>{short(at)}</time>
          </span>
          <span class="second">
            <span><bdi>{lastWords(c, me)}</bdi></span>
            {unread > 0 && <span class="count">{unread > 99 ? "99+" : unread}<span class="sr-only"> unread</span></span>}
          </span>
        </span>
      </button>
    </li>
  );
}

function titleOfItem(c: Conversation, me: string): string {
  return c.subject || (c.lastMessage?.senderId && c.lastMessage.senderId !== me ? c.lastMessage.senderName : "") || "Chat";
}

function lastWords(c: Conversation, me: string): string {
  const m = c.lastMessage;
  if (!m) return "No messages yet";
  if (m.deletedAt) return "Message deleted";
  const text = plain(m.text, m.origin !== "web");
  return m.senderId === me ? `You: ${text}` : m.senderName ? `${m.senderName}: ${text}` : text;
}
