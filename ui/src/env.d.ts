/// <reference types="vite/client" />

/** True in the preview and in development (see vite.config.ts), never in a release. */
declare const __PREVIEW__: boolean;

/** The page as it last stood, put here by the host before anything is loaded. */
interface Window {
  __SAVED_PAGE__?: import("@/ipc/bindings").SavedPage;
}
