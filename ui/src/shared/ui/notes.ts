// What was done, said in passing, with the way back or the way there: "archived – undo", "saved – open the folder".
// Any page tells; the window shows (UndoNotes).
import { readonly, shallowRef } from "vue";

import { toErrorView } from "@/ipc/errors";
import type { ErrorView } from "@/ipc/bindings";

export interface Note {
  readonly id: number;
  /** What was done, in the words of the page. */
  readonly text: string;
  /** Takes it back. */
  readonly undo: (() => Promise<unknown>) | null;
  /** Leads to what was made. */
  readonly show: { readonly name: string; readonly run: () => Promise<unknown> } | null;
  /** The way back has closed: what was only put off may be done now. */
  readonly closed: (() => unknown) | null;
  /** What was asked of it was refused. */
  readonly error: ErrorView | null;
}

export interface NoteOptions {
  undo?: () => Promise<unknown>;
  show?: Note["show"];
  closed?: () => unknown;
}

const notes = shallowRef<readonly Note[]>([]);
let made = 0;

function add(note: Omit<Note, "id">): number {
  made += 1;
  notes.value = [...notes.value, { ...note, id: made }];
  return made;
}

/** Takes a note off the window, once. */
function take(id: number): Note | undefined {
  const found = notes.value.find((note) => note.id === id);
  if (found) notes.value = notes.value.filter((note) => note !== found);
  return found;
}

/** What a note offers, once: it goes, and comes back with the reason where that was refused. */
async function attempt(id: number, act: (note: Note) => Promise<unknown> | undefined): Promise<void> {
  const note = take(id);
  if (!note) return;
  try {
    await act(note);
  } catch (thrown) {
    add({ ...note, error: toErrorView(thrown) });
  }
}

export function useNotes() {
  return {
    notes: readonly(notes),
    /** Shows a note until its time is over, it is closed or it is undone. */
    tell: (text: string, { undo, show, closed }: NoteOptions = {}): number =>
      add({ text, undo: undo ?? null, show: show ?? null, closed: closed ?? null, error: null }),
    /** Time is over, or the person put it away. */
    close(id: number): void {
      take(id)?.closed?.();
    },
    /** The way back. A second press finds nothing to take back. */
    undo: (id: number) => attempt(id, (note) => note.undo?.()),
    show: (id: number) => attempt(id, (note) => note.show?.run()),
    /** Forgets every note and does nothing about it: for the end of a test. */
    clear(): void {
      notes.value = [];
    },
  };
}
