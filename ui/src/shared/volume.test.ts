import { describe, expect, it } from "vitest";

import { positionOf, VOLUMES, volumeAt } from "./volume";

describe("the volume's scale", () => {
  it("finds each of its own steps again and clamps what lies beyond", () => {
    VOLUMES.forEach((volume, index) => expect(positionOf(volume)).toBe(index));
    expect([...VOLUMES].sort((a, b) => a - b)).toEqual(VOLUMES);
    expect(volumeAt(-3)).toBe(VOLUMES[0]);
    expect(volumeAt(999)).toBe(VOLUMES.at(-1));
    expect(volumeAt(positionOf(55))).toBe(80);
    expect(positionOf(5_000_000)).toBe(VOLUMES.length - 1);
  });
});
