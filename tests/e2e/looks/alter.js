// Changes one small thing of the page that can be seen, the one that is hardest to see: a digit, a tint or a border. A
// tint of under ten shades a colour is under what is compared.
// Answers what was changed, or nothing where the page has none; `window.unalter()` takes it back.
const [kind, done] = arguments;

/** Of `rgb(…)`, or of `color(srgb …)`, which counts from 0 to 1. */
const rgba = (colour) => {
  const numbers = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return colour.startsWith("color(") ? numbers.map((number, index) => (index < 3 ? number * 255 : number)) : numbers;
};
const painted = (colour) => (rgba(colour)[3] ?? 1) > 0;
const apart = (one, other) => [0, 1, 2].reduce((sum, index) => sum + Math.abs(rgba(one)[index] - rgba(other)[index]), 0);
const style = (element) => getComputedStyle(element);
const ground = (element) => {
  for (let one = element; one; one = one.parentElement) {
    if (painted(style(one).backgroundColor)) return style(one).backgroundColor;
  }
  return "rgb(255, 255, 255)";
};
const isOnTop = (element, x, y) => document.elementFromPoint(x, y) === element;
const SAMPLES = [0.03, 0.25, 0.5, 0.75, 0.97];
const seen = (element) => {
  const box = element.getBoundingClientRect();
  const points = SAMPLES.flatMap((across) => SAMPLES.map((down) => [box.left + across * box.width, box.top + down * box.height]));
  return box.width >= 8 && box.height >= 8 && points.filter(([x, y]) => isOnTop(element, x, y)).length >= 3;
};

/** The least sum of differences of the three colours. */
const FAINTEST = 30;

const DIGITS = { 0: "8", 1: "7", 2: "3", 3: "8", 4: "1", 5: "6", 6: "8", 7: "1", 8: "3", 9: "8" };

function digit() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.nodeValue.search(/\d/);
    if (at < 0 || !node.parentElement?.checkVisibility()) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (box.width > 0 && hit && node.parentElement.contains(hit)) found.push({ node, at, size: parseFloat(style(node.parentElement).fontSize) });
  }
  found.sort((one, other) => one.size - other.size);
  const [first] = found;
  if (!first) return null;
  const { node, at } = first;
  const before = node.nodeValue;
  return {
    said: `a digit of “${before.trim()}”`,
    apply: () => (node.nodeValue = before.slice(0, at) + DIGITS[before[at]] + before.slice(at + 1)),
    undo: () => (node.nodeValue = before),
  };
}

/** One property set to something else, of the element at which that changes the least. */
function styled(candidates, what) {
  candidates.sort((one, other) => one.distance - other.distance);
  const [first] = candidates;
  if (!first) return null;
  const { element, property, value } = first;
  const before = element.style.getPropertyValue(property);
  const label = element.dataset.testid ?? `${element.tagName.toLowerCase()} ${element.className}`;
  return {
    said: `${what} of ${label}`,
    apply: () => element.style.setProperty(property, value, "important"),
    undo: () => (before ? element.style.setProperty(property, before) : element.style.removeProperty(property)),
  };
}

function tint() {
  const candidates = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = style(element).backgroundColor;
    const under = element.parentElement && ground(element.parentElement);
    if (!painted(own) || !under || apart(own, under) < FAINTEST || !seen(element)) continue;
    candidates.push({ element, property: "background-color", value: under, distance: apart(own, under) });
  }
  return styled(candidates, "the tint");
}

function border() {
  const candidates = [];
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    const own = style(element);
    for (const [side, x, y] of [
      ["top", box.left + box.width / 2, box.top + 0.5],
      ["bottom", box.left + box.width / 2, box.bottom - 0.5],
      ["left", box.left + 0.5, box.top + box.height / 2],
      ["right", box.right - 0.5, box.top + box.height / 2],
    ]) {
      const colour = own.getPropertyValue(`border-${side}-color`);
      const length = side === "top" || side === "bottom" ? box.width : box.height;
      const width = parseFloat(own.getPropertyValue(`border-${side}-width`));
      const distance = apart(colour, ground(element));
      if (!width || !painted(colour) || distance < FAINTEST || length < 8 || !isOnTop(element, x, y)) continue;
      candidates.push({ element, property: `border-${side}-color`, value: ground(element), distance });
    }
  }
  return styled(candidates, "a border");
}

const change = { digit, tint, border }[kind]();
window.unalter = change?.undo;
change?.apply();
requestAnimationFrame(() => setTimeout(() => done(change ? [change.said] : [])));
