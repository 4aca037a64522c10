/** The script door: what `<script src=".../talk.js">` runs. */
import * as Talk from "./classic/talk.js";
import { drain } from "./classic/snippet.js";
import { setScriptHost } from "./session.js";

const { src } = (document.currentScript ?? {}) as HTMLScriptElement;
setScriptHost(src ? new URL(src).origin : undefined);

const page = globalThis as { Talk?: unknown };
const queue = page.Talk;
page.Talk = Talk;
drain(queue, Talk.ready);
