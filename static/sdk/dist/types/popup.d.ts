import type { FrameOptions, UIFrame } from "./port.js";
export interface PopupOptions extends Omit<FrameOptions, "view"> {
    launcher?: boolean;
    toggled?(visible: boolean): void;
}
export interface PopupFrame extends UIFrame {
    readonly host: HTMLElement;
    readonly visible: boolean;
    show(): void;
    hide(): void;
}
/** openPopup makes a popup, closed. Its iframe is at work meanwhile: it counts what is unread. */
export declare function openPopup(options: PopupOptions): PopupFrame;
