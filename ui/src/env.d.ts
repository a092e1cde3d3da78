/// <reference types="vite/client" />

/** True where the in-memory host is compiled in (see vite.config.ts). */
declare const __FAKE_HOST__: boolean;
