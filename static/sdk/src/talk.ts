/** The script door: what `<script src=".../talk.js">` runs. */
import { GuestlistError } from "./transport.js";

(globalThis as { Talk?: unknown }).Talk = { GuestlistError };
