// The shell asks the page what closing the main window is to do (src-tauri/src/closing.rs); the answer is a command.

const CLOSING = "closing";

/** Calls `listener` whenever the window was closed and nothing was chosen yet; returns how to stop. */
export function onClosing(listener: () => void): () => void {
  window.addEventListener(CLOSING, listener);
  return () => window.removeEventListener(CLOSING, listener);
}
