// The words as they stand in their files; what the app loads is compiled from them.
import type { Language } from "@/ipc/bindings";
import type { Messages } from "@/locales";

const files: Record<string, string> = import.meta.glob("@/locales/{zh,en}/*.json", { query: "?raw", import: "default", eager: true });

function read(language: Language): Messages {
  const own = Object.entries(files).filter(([path]) => path.includes(`/${language}/`));
  return Object.fromEntries(own.map(([path, text]) => [/(\w+)\.json$/.exec(path)?.[1], JSON.parse(text)])) as Messages;
}

export const texts: Record<Language, Messages> = { zh: read("zh"), en: read("en") };
