/// <reference types="vite/client" />

/** True where the in-memory host is compiled in (see vite.config.ts). */
declare const __FAKE_HOST__: boolean;

/** The page as it last stood, put here by the host before anything is loaded. */
interface Window {
  __KEPT_PAGE__?: import("@/ipc/bindings").SavedPage;
}
