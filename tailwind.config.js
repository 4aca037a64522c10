/** Guestlist design tokens for Tailwind v4.
 *  Every colour is a CSS variable (see guestlist.css), so light and dark need no `dark:` variants.
 *  Loaded from CSS with:  @config "../../tailwind.config.js";
 */
const v = (name) => `var(--${name})`;

export default {
  content: ["./views/**/*.templ", "./views/**/*.go", "!./views/**/*_templ.go", "!./views/**/*_test.go"],
  theme: {
    extend: {
      colors: {
        canvas: v("canvas"),
        surface: v("surface"),
        sunken: v("sunken"),
        raised: v("raised"),
        hover: v("hover"),
        line: { DEFAULT: v("line"), strong: v("line-strong") },
        ink: { DEFAULT: v("ink"), 2: v("ink-2"), 3: v("ink-3") },
        accent: { DEFAULT: v("accent"), hover: v("accent-hover"), soft: v("accent-soft"), ink: v("accent-ink"), on: v("on-accent") },
        guest: { DEFAULT: v("guest"), soft: v("guest-soft"), line: v("guest-line") },
        danger: { DEFAULT: v("danger"), soft: v("danger-soft"), solid: v("danger-solid"), "solid-hover": v("danger-solid-hover"), on: v("on-danger") },
        ok: { DEFAULT: v("ok"), soft: v("ok-soft") },
        warn: { DEFAULT: v("warn"), soft: v("warn-soft") },
        focus: v("focus"),
      },
      fontFamily: {
        sans: ['"Instrument Sans Variable"', "ui-sans-serif", "system-ui", "sans-serif"],
        mono: ['"JetBrains Mono Variable"', "ui-monospace", "SFMono-Regular", "Menlo", "monospace"],
      },
      fontSize: {
        micro: ["0.75rem", { lineHeight: "1rem" }],        // 12/16 badges, table heads, IDs
        small: ["0.8125rem", { lineHeight: "1.25rem" }],   // 13/20 secondary text, controls in tables
        base: ["0.875rem", { lineHeight: "1.375rem" }],    // 14/22 body and controls
        lead: ["1rem", { lineHeight: "1.5rem" }],          // 16/24 section titles
        title: ["1.375rem", { lineHeight: "1.75rem", letterSpacing: "-0.012em" }], // 22/28 page title
        stat: ["1.75rem", { lineHeight: "2.125rem", letterSpacing: "-0.02em" }],   // 28/34 numbers
        display: ["2rem", { lineHeight: "2.375rem", letterSpacing: "-0.022em" }],  // 32/38 sign-in, errors
      },
      borderRadius: { xs: "4px", sm: "6px", md: "8px", lg: "12px" },
      boxShadow: {
        pop: "var(--shadow-pop)",    // menus, toasts, save bar
        modal: "var(--shadow-modal)" // dialogs, palette
      },
      maxWidth: { page: "73rem", prose: "42rem" },
      screens: { sm: "40rem", md: "48rem", lg: "64rem", xl: "80rem" },
      transitionDuration: { fast: "90ms", base: "160ms" },
    },
  },
};
