// The in-memory host: files that would have been written.
import type { ExportTable } from "../bindings";
import type { Context, Part } from "./context";
import { refusal } from "./world";

export function exportMethods({ world }: Context): Part<"exportTable" | "exportPicture" | "exportText" | "copyText" | "showExport"> {
  const written = (wanted: string, ending: string, table: ExportTable | null, text: string | null = null) => {
    const taken = (name: string) => world.exports.some((one) => one.name === name);
    let name = `${wanted}.${ending}`;
    for (let number = 2; taken(name); number += 1) name = `${wanted} (${number}).${ending}`;
    world.exports.push({ name, table, text });
    return { name, path: `C:/Downloads/${name}` };
  };
  return {
    exportTable: async (format, table) => written(table.name, format, table),
    exportPicture: async (name) => written(name, "png", null),
    exportText: async (name, text) => written(name, "txt", null, text),
    copyText: async (text) => void (world.clipboard = text),
    async showExport(name) {
      if (!world.exports.some((one) => one.name === name)) throw refusal("not_found");
      world.opened.push(`export:${name}`);
    },
  };
}
