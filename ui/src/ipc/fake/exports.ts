// The in-memory host: files that would have been written.
import type { Context, Part } from "./context";
import { refusal } from "./world";

export function exportMethods({ world }: Context): Part<"exportTable" | "showExport"> {
  return {
    async exportTable(format, table) {
      const taken = (name: string) => world.exports.some((one) => one.name === name);
      let name = `${table.name}.${format}`;
      for (let number = 2; taken(name); number += 1) name = `${table.name} (${number}).${format}`;
      world.exports.push({ name, table });
      return { name, path: `C:/Downloads/${name}` };
    },
    async showExport(name) {
      if (!world.exports.some((one) => one.name === name)) throw refusal("not_found");
      world.opened.push(`export:${name}`);
    },
  };
}
