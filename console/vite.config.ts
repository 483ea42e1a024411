import { defineConfig } from "vite";

const server = process.env.SHARP_EYES_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    target: "es2022",
    outDir: "../api/static",
    emptyOutDir: true,
    // Nothing inline: the page's content policy allows scripts, styles and pictures of its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The API answers pages of its own origin only, so the development server speaks in its name.
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
  },
});
