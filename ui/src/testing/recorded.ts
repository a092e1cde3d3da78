// A transport that answers what the real application answered in a scene (crates/companion/tests/recordings). It computes
// nothing: another answer is another scene's, or one that the test writes down.
import type { AccountId, AppView, Changed, ErrorCode, ErrorView, Instant, Language, Theme } from "@/ipc/bindings";
import { DEPENDS, type Commands } from "@/ipc/client";
import { isErrorView } from "@/ipc/errors";
import { noId } from "@/ipc/ids";
import type { Transport } from "@/ipc/transport";

import { typed } from "./typed";

/** When every scene was recorded. */
export const RECORDED_AT: Instant = typed("2026-11-21T10:32:00+08:00");

export type Method = keyof Commands;
export type Answer<M extends Method> = Awaited<ReturnType<Commands[M]>>;
type Args = Record<string, unknown>;

interface FileLine {
  scene: string;
  /** `null`: whatever they are. */
  args: Args | null;
  answer?: unknown;
  refused?: ErrorView;
}

interface Line extends FileLine {
  command: string;
}

/** A file a command, so that a change of one answer changes one file. */
const FILES = import.meta.glob<FileLine[]>("./recordings/*.json", { import: "default" });
const FOLDER = "./recordings/";

async function readAll(): Promise<Map<string, Line[]>> {
  const scenes = new Map<string, Line[]>();
  const files = await Promise.all(
    Object.entries(FILES).map(async ([path, read]) => ({ command: path.slice(FOLDER.length, -".json".length), lines: await read() })),
  );
  for (const { command, lines } of files) {
    for (const line of lines) {
      const known = scenes.get(line.scene) ?? [];
      known.push({ ...line, command });
      scenes.set(line.scene, known);
    }
  }
  return scenes;
}
let all: Promise<Map<string, Line[]>> | undefined;

/** Everything that was answered in a scene. */
export async function recording(scene: string): Promise<readonly Line[]> {
  const lines = (await (all ??= readAll())).get(scene);
  if (!lines) throw new Error(`there is no recording of "${scene}"`);
  return lines;
}

export const refusal = (code: ErrorCode, params: Record<string, string> = {}): ErrorView => ({ code, params, retry: { kind: "now" }, ref: "TEST-0001" });

/** Questions that no recording answers; a test that asked one fails. */
export const unanswered: string[] = [];

const commandOf = (method: Method) => method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const sorted = (_: string, value: unknown) =>
  value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
const same = (one: Args, other: Args) => JSON.stringify(one, sorted) === JSON.stringify(other, sorted);
const find = (lines: readonly Line[], command: string, args?: Args) =>
  lines.findLast((line) => line.command === command && (line.args === null || args === undefined || same(line.args, args)));

/** Language, theme and whether figures are hidden are the page's own choice: each scene is shown in all of them. */
export interface Look {
  language?: Language;
  theme?: Theme;
  figures_hidden?: boolean;
}

export async function recorded(scene: string, look: Look = {}) {
  const everywhere = await recording("desktop");
  let current = await recording(scene);
  const coming: (readonly Line[])[] = [];
  const listeners = new Set<(changed: Changed) => void>();
  const answers = new Map<string, unknown>();
  const once = new Map<string, ErrorView[]>();
  const always = new Map<string, ErrorView>();
  const gates = new Map<string, Promise<void>>();
  const calls: { command: string; args: Args }[] = [];
  const said: unknown[] = [];

  function become(lines: readonly Line[]) {
    current = lines;
    answers.clear();
  }
  const recordedFor = (command: string, args?: Args) => find(current, command, args) ?? find(everywhere, command);

  async function answerTo(command: string, args: Args): Promise<unknown> {
    calls.push({ command, args });
    await gates.get(command);
    const refused = once.get(command)?.shift() ?? always.get(command);
    if (refused) throw refused;
    const next = command in DEPENDS ? undefined : coming[0];
    if (next && find(next, command)) {
      coming.shift();
      become(next);
    }
    if (answers.has(command)) return answers.get(command);
    const chosen: Look | undefined = command === "hide_figures" ? { figures_hidden: args.hidden === true } : /^set_(language|theme)$/.test(command) ? args : undefined;
    if (chosen) Object.assign(look, chosen);
    const line = chosen ? recordedFor("get_app") : recordedFor(command, args);
    if (line?.refused) throw line.refused;
    if (line) return line.command === "get_app" ? { ...(line.answer as AppView), ...look } : line.answer;
    unanswered.push(`${command} ${JSON.stringify(args)}`);
    throw new Error(`no recording answers ${unanswered.at(-1)}`);
  }

  const transport: Transport = {
    async call<T>(command: string, args: Args) {
      try {
        const answer = structuredClone(await answerTo(command, args));
        said.push(answer);
        return answer as T;
      } catch (thrown) {
        said.push(thrown);
        throw thrown;
      }
    },
    async onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const emit = (changed: Changed) => listeners.forEach((listen) => listen(changed));
  const read = <M extends Method>(method: M, args?: Args): Answer<M> => {
    if (answers.has(commandOf(method))) return answers.get(commandOf(method)) as Answer<M>;
    return recordedFor(commandOf(method), args)?.answer as Answer<M>;
  };
  return {
    ...transport,
    emit,
    /** What this scene answers now. */
    read,
    get account(): AccountId {
      return (read("getApp") as AppView | undefined)?.active ?? noId();
    },
    /** From now on, whatever the arguments; a part of an object stands for the rest of what is recorded. */
    answer<M extends Method>(method: M, answer: Answer<M> extends object | null ? Partial<Answer<M>> | null : Answer<M>) {
      const isPart = answer && typeof answer === "object" && !Array.isArray(answer);
      answers.set(commandOf(method), isPart ? { ...(read(method) as object), ...answer } : answer);
    },
    /** The next command that led to that scene leads there, one scene after another. */
    async leadsTo(...scenes: string[]) {
      coming.push(...(await Promise.all(scenes.map(recording))));
    },
    /** Another scene behind the page's back. */
    async becomes(next: string, changed?: Changed) {
      become(await recording(next));
      if (changed) emit(changed);
    },
    /** Refuses the next call. */
    refuse: (method: Method, code: ErrorCode, params?: Record<string, string>) =>
      void once.set(commandOf(method), [...(once.get(commandOf(method)) ?? []), refusal(code, params)]),
    refuseAlways: (method: Method, code: ErrorCode, params?: Record<string, string>) => void always.set(commandOf(method), refusal(code, params)),
    refuseNoMore: (method: Method) => void always.delete(commandOf(method)),
    /** Lets calls wait until the returned function is called. */
    hold(method: Method) {
      let open = () => undefined as void;
      gates.set(commandOf(method), new Promise<void>((resolve) => (open = resolve)));
      return () => {
        gates.delete(commandOf(method));
        open();
      };
    },
    /** The arguments of every call so far. */
    sent: (method: Method) => calls.filter(({ command }) => command === commandOf(method)).map(({ args }) => args),
    calls: (method: Method) => calls.filter(({ command }) => command === commandOf(method)).length,
    /** All answers so far: whatever else stands on the page are words of the app. */
    said: () => JSON.stringify(said.filter((one) => !(one instanceof Error) || isErrorView(one))),
  };
}

export type RecordedHost = Awaited<ReturnType<typeof recorded>>;
