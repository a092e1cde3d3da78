// What was done, said in passing, with the way back: "archived – undo". Any page tells; the window shows (UndoNotes).
import { readonly, shallowRef } from "vue";

import { toErrorView } from "@/ipc/errors";
import type { ErrorView } from "@/ipc/bindings";

export interface Note {
  readonly id: number;
  /** What was done, in the words of the page. */
  readonly text: string;
  /** Takes it back. */
  readonly undo: (() => Promise<unknown>) | null;
  /** The way back has closed: what was only put off may be done now. */
  readonly closed: (() => unknown) | null;
  /** Taking back was refused. */
  readonly error: ErrorView | null;
}

export interface NoteOptions {
  undo?: () => Promise<unknown>;
  closed?: () => unknown;
}

const notes = shallowRef<readonly Note[]>([]);
let made = 0;

function add(note: Omit<Note, "id">): number {
  made += 1;
  notes.value = [...notes.value, { id: made, ...note }];
  return made;
}

/** Takes a note off the window, once. */
function take(id: number): Note | undefined {
  const found = notes.value.find((note) => note.id === id);
  if (found) notes.value = notes.value.filter((note) => note !== found);
  return found;
}

export function useNotes() {
  return {
    notes: readonly(notes),
    /** Shows a note until its time is over, it is closed or it is undone. */
    tell: (text: string, { undo, closed }: NoteOptions = {}): number =>
      add({ text, undo: undo ?? null, closed: closed ?? null, error: null }),
    /** Time is over, or the person put it away. */
    close(id: number): void {
      take(id)?.closed?.();
    },
    /** The way back. A second press finds nothing to take back. */
    async undo(id: number): Promise<void> {
      const note = take(id);
      if (!note?.undo) return;
      try {
        await note.undo();
      } catch (thrown) {
        add({ text: note.text, undo: note.undo, closed: note.closed, error: toErrorView(thrown) });
      }
    },
    /** Forgets every note and does nothing about it: for the end of a test. */
    clear(): void {
      notes.value = [];
    },
  };
}
