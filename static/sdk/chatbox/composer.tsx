import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";
import type { Line } from "../src/port.js";
import { Glyph } from "./icons.js";
import { keep, recall } from "./memory.js";
import type { Message } from "./shapes.js";

export const longest = 10_000; // characters of a message

export interface FieldHandle {
  focus(): void;
  setText(text: string): void;
  typeText(text: string): void;
}

interface Props {
  line: Line;
  drafts: string; // whose drafts
  conversation: string;
  placeholder: string;
  editing?: Message;
  handle: Ref<FieldHandle>;
  onSend(text: string): void;
  onEdit(message: Message, text: string): void;
  onStopEditing(): void;
  onEditLast(): void;
  onType(): void;
}

/** Composer is the field for messages: it grows, keeps what isn't sent, and sends on Enter. */
export function Composer(p: Props) {
  const [text, setText] = useState(() => recall(p.drafts, p.conversation));
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useRef(text); // what stood in the field before a message was edited

  const write = (value: string) => {
    setText(value);
    if (!p.editing) keep(p.drafts, p.conversation, (draft.current = value));
    p.line.tell({ ui: "text", text: value });
  };
  useEffect(() => {
    if (p.editing) {
      setText(p.editing.text);
      field.current?.focus();
    } else setText(draft.current);
  }, [p.editing?.id]);
  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 144)}px`;
  }, [text]);
  useImperativeHandle(p.handle, () => ({
    focus: () => field.current?.focus(),
    setText: write,
    typeText: (more) => {
      const area = field.current!;
      const from = area.selectionStart ?? text.length;
      write(area.value.slice(0, from) + more + area.value.slice(area.selectionEnd ?? from));
      area.focus();
    },
  }));

  const length = [...text].length;
  const tooLong = length > longest;
  const submit = (event?: Event) => {
    event?.preventDefault();
    if (!text.trim() || tooLong) return field.current?.focus();
    if (p.editing) p.onEdit(p.editing, text.trim());
    else {
      p.onSend(text.trim());
      write("");
    }
    field.current?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    p.line.tell({ ui: "keydown", key: event.key, keyCode: event.keyCode, altKey: event.altKey, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey });
    if (event.isComposing || event.keyCode === 229) return; // Enter ends a word there
    if (event.key === "Enter" && !event.shiftKey) submit(event);
    else if (event.key === "Escape" && p.editing) {
      event.stopPropagation();
      p.onStopEditing();
    } else if (event.key === "ArrowUp" && !text.trim() && !p.editing) {
      event.preventDefault();
      p.onEditLast();
    }
  };
  return (
    <form class="composer" onSubmit={submit}>
      {p.editing && (
        <div class="editing">
          <Glyph name="edit" />
          <span>Editing your message</span>
          <button type="button" class="btn-icon" aria-label="Stop editing" title="Stop editing" onClick={p.onStopEditing}>
            <Glyph name="close" />
          </button>
        </div>
      )}
      <div class="field">
        <textarea
          ref={field} rows={1} aria-label={p.editing ? "Edit message" : "Message"} placeholder={p.placeholder} value={text} aria-invalid={tooLong} aria-describedby={length > longest - 500 ? "length" : undefined}
          onInput={(event) => { write(event.currentTarget.value); if (event.currentTarget.value.trim() && !p.editing) p.onType(); }}
          onKeyDown={keys}
          onKeyUp={(event) => p.line.tell({ ui: "keyup", key: event.key, keyCode: event.keyCode, altKey: event.altKey, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey })}
          onFocus={() => p.line.tell({ ui: "focus" })}
          onBlur={() => p.line.tell({ ui: "blur" })}
        />
        <button type="submit" class="send" aria-label={p.editing ? "Save" : "Send"} title={p.editing ? "Save" : "Send"} aria-disabled={!text.trim() || tooLong}>
          <Glyph name="send" />
        </button>
      </div>
      {length > longest - 500 && (
        <p id="length" class={tooLong ? "length over" : "length"}>
          {length.toLocaleString("en")} of {longest.toLocaleString("en")} characters
        </p>
      )}
    </form>
  );
}
