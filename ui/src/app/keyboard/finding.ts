// Finding by name: by a part of it, or by pinyin, whole or the first letters (`jwxg` finds 晋味小馆).
import PinyinMatch from "pinyin-match";

export interface Findable {
  readonly name: string;
  /** Other words it is known by. */
  readonly also?: string;
}

/** Where a name fits: 0 at its beginning, 1 further in, 2 by another word; nothing where it does not. `word` is in small
 *  letters. */
export function fit({ name, also }: Findable, word: string): 0 | 1 | 2 | null {
  const place = PinyinMatch.match(name, word);
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
