// Finding by name: by a part of it, or by pinyin, whole or the first letters (`jwxg` finds 晋味小馆).
import PinyinMatch from "pinyin-match";

export interface Findable {
  readonly name: string;
  /** Other words it is known by. */
  readonly also?: string;
}

const beginnings = new Map<string, boolean>();

/** Whether a character, or its pinyin, begins with a letter. Names share their characters, so it is asked once for each. */
function begins(character: string, letter: string): boolean {
  const pair = character + letter;
  let known = beginnings.get(pair);
  if (known === undefined) {
    known = PinyinMatch.match(character, letter) !== false;
    beginnings.set(pair, known);
  }
  return known;
}

/** Whether a name can fit at all: comparing whole names by pinyin takes a hundred times longer. */
function canFit(name: string, word: string): boolean {
  const [letter = ""] = word;
  for (const character of name) if (begins(character, letter)) return true;
  return false;
}

/** Where a name fits: 0 at its beginning, 1 further in, 2 by another word; nothing where it does not. `word` is in small
 *  letters. */
export function fit({ name, also }: Findable, word: string): 0 | 1 | 2 | null {
  const place = canFit(name, word) && PinyinMatch.match(name, word);
  if (place !== false) return place[0] === 0 ? 0 : 1;
  return also !== undefined && also.toLowerCase().includes(word) ? 2 : null;
}

/** What fits, the best first, otherwise in the order given. Without a word: everything. */
export function found<T extends Findable>(among: readonly T[], typed: string): T[] {
  const word = typed.trim().toLowerCase();
  if (word === "") return [...among];
  const hits = among.flatMap((one) => {
    const place = fit(one, word);
    return place === null ? [] : [{ one, place }];
  });
  return hits.sort((a, b) => a.place - b.place).map(({ one }) => one);
}
