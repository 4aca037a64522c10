import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Field, Init, Line, Select } from "../src/port.js";
import type { GuestlistError } from "../src/transport.js";
import { Chat } from "./chat.js";
import { ConversationView } from "./conversation.js";
import { FeedReader, waiting } from "./feed.js";
import { Glyph } from "./icons.js";
import { Inbox } from "./inbox.js";
import { Panel, Skeleton } from "./parts.js";
import { asRefusal } from "./room.js";
import type { Conversation, Page } from "./shapes.js";
import { trouble } from "./words.js";

interface Props {
  line: Line;
  init: Init;
  select?: Select;
  shown: boolean;
  field?: { at: number; field: Field };
}

const blink = 1200; // a line that is away for less is not worth a word

/** App is one UI: a chatbox, an inbox, or what is in a popup. */
export function App({ line, init, select, shown, field }: Props) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [connected, setConnected] = useState(false);
  const [late, setLate] = useState(false);
  const [ended, setEnded] = useState<GuestlistError>();
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState<Select | undefined>(select);
  const wasHere = useRef(false);
  const withFeed = init.view !== "chatbox";

  useEffect(
    () =>
      line.onStatus((status) => {
        setConnected(status.connected);
        setEnded(status.terminated);
        if (status.connected) {
          wasHere.current = true;
          setLate(false);
          setBusy(false);
        }
      }),
    [line],
  );
  useEffect(() => {
    if (connected) return;
    const timer = setTimeout(() => setLate(true), wasHere.current ? blink : 4000);
    return () => clearTimeout(timer);
  }, [connected]);

  const reader = useMemo(() => (withFeed ? new FeedReader(line, redraw as () => void) : undefined), [line, withFeed]);
  useEffect(() => () => reader?.dispose(), [reader]);
  const feed = reader?.feed;

  useEffect(() => setChosen(select), [select]);
  const id = chosen && chosen.conversation === undefined ? undefined : (chosen?.conversation ?? null);

  // A selection that names none means the last that was active.
  useEffect(() => {
    if (!chosen || chosen.conversation !== undefined || chosen.error || init.view === "popup") return;
    if (feed) {
      if (feed.phase === "open" && innerWidth >= 640) setChosen({ conversation: feed.items[0]?.id ?? null });
      return;
    }
    let here = true;
    line.call<Page<Conversation>>("conversation.list", { limit: 1 }).then(
      (page) => here && setChosen({ conversation: page.data[0]?.id ?? null }),
      (problem) => here && setChosen({ conversation: null, error: asRefusal(problem) }),
    );
    return () => void (here = false);
  }, [chosen, feed?.phase]);

  const chat = useMemo(() => {
    if (!id) return undefined;
    return new Chat(line, init.userId, id, Boolean(chosen?.asGuest), redraw as () => void, chosen?.error && asRefusal(chosen.error));
  }, [line, id, chosen?.asGuest, chosen?.error]);
  useEffect(() => () => chat?.dispose(), [chat]);
  useEffect(() => {
    if (chat?.room.phase === "lost" && select?.conversation === chat.room.id && !select.error) void chat.open(); // selected once more
  }, [select]);
  useEffect(() => line.tell({ ui: "selected", conversation: id ?? null }), [id]);

  const unread = feed ? waiting(feed) : 0;
  useEffect(() => {
    if (feed) line.tell({ ui: "unread", count: unread });
  }, [unread]);

  const close = init.view === "popup" ? () => line.tell({ ui: "close" }) : undefined;
  useEffect(() => {
    if (!close) return;
    const escape = (event: KeyboardEvent) => event.key === "Escape" && close();
    addEventListener("keydown", escape);
    return () => removeEventListener("keydown", escape);
  }, [init.view]);

  if (ended) {
    const again = () => {
      setBusy(true);
      line.call("ui.again", {}).then(() => setBusy(false), () => setBusy(false));
    };
    const t = trouble(asRefusal(ended));
    return (
      <main class="chatbox">
        <section class="conversation" aria-label="Chat">
          <header class="top">
            <span class="av av-m av-none" aria-hidden="true"><Glyph name="chats" /></span>
            <h1>Chat</h1>
            {close && <button type="button" class="btn-icon" aria-label="Close chat" title="Close chat" onClick={close}><Glyph name="close" /></button>}
          </header>
          <Panel trouble={t} act={again} busy={busy} label={ended.code === "SIGNED_IN_ELSEWHERE" ? undefined : "Try again"} />
        </section>
      </main>
    );
  }

  const choose = async (to: string | null) => {
    const asks = to !== null && init.view === "inbox";
    const { prevented } = asks ? await line.call<{ prevented: boolean }>("ui.select", { conversation: to }) : { prevented: false };
    if (!prevented) setChosen({ conversation: to });
  };
  return (
    <main class={`chatbox view-${init.view}${chat ? " has-chat" : ""}`}>
      {feed && reader && (
        <Inbox feed={feed} me={init.userId} selected={id} onSelect={(to) => void choose(to)} onMore={() => void reader.more()} onRetry={() => void reader.open()} onClose={close} />
      )}
      {chat ? (
        <ConversationView
          key={chat.room.id + (chosen?.asGuest ? " guest" : "")} line={line} init={init} chat={chat} connected={connected} late={late} shown={shown} field={field}
          onBack={feed ? () => void choose(null) : undefined} onClose={close}
        />
      ) : (
        init.view !== "popup" && <Nothing loading={chosen === undefined || (chosen.conversation === undefined && !feed)} error={chosen?.error} late={late && !connected} />
      )}
    </main>
  );
}

/** Nothing is selected. */
function Nothing({ loading, error, late }: { loading: boolean; error?: Select["error"]; late: boolean }) {
  return (
    <section class="conversation nothing" aria-label="Conversation">
      <header class="top">
        <span class="av av-m av-none" aria-hidden="true"><Glyph name="chats" /></span>
        <h1>Chat</h1>
      </header>
      {late && <div class="strip warn" role="status"><Glyph name="offline" /><p>No connection. Trying again…</p></div>}
      {error ? <Panel trouble={trouble(asRefusal(error))} /> : loading ? <Skeleton kind="messages" /> : (
        <div class="panel">
          <span class="panel-icon"><Glyph name="chats" /></span>
          <h2>No conversation selected</h2>
          <p>Choose one to read and write.</p>
        </div>
      )}
    </section>
  );
}
