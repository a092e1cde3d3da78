// No words in templates: whatever a person reads comes from locale files.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "vue/compiler-sfc";
import { describe, expect, it } from "vitest";

interface Node {
  type: number;
  content?: unknown;
  children?: Node[];
  branches?: Node[];
  props?: { type: number; name: string; value?: { content: string } }[];
}

const ELEMENT = 1;
const TEXT = 2;
const READ_ALOUD = new Set(["label", "title", "alt", "placeholder", "aria-label", "hint", "text", "question", "why", "cost", "primary"]);
/** Not words: sample data drawn inside pictures of other people's pages. */
const SAMPLES = /^(\d[\d*¥.,\s-]*|wx\*+|¥?\??|shop@example\.com|mp\.weixin\.qq\.com|AppID|AppSecret|[·•→%/\s]+)$/;

function words(node: Node, found: string[]): string[] {
  if (node.type === TEXT && typeof node.content === "string") {
    const text = node.content.trim();
    if (/\p{L}/u.test(text) && !SAMPLES.test(text)) found.push(text);
  }
  if (node.type === ELEMENT) {
    for (const prop of node.props ?? []) {
      const value = prop.value?.content ?? "";
      if (prop.type === 6 && READ_ALOUD.has(prop.name) && /\p{L}/u.test(value)) found.push(`${prop.name}="${value}"`);
    }
  }
  for (const child of node.children ?? []) words(child, found);
  return found;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".vue"));

describe("templates", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(40);
  });

  it.each(files)("%s has no words of its own", (file) => {
    const { descriptor } = parse(readFileSync(join("src", file), "utf8"));
    const ast = descriptor.template?.ast as Node | undefined;
    expect(ast ? words(ast, []) : []).toEqual([]);
  });

  it("would notice a word", () => {
    const { descriptor } = parse('<template><p title="Hello">剩余</p></template>');
    expect(words(descriptor.template?.ast as unknown as Node, [])).toEqual(['title="Hello"', "剩余"]);
  });
});
