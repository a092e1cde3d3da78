// Runs in a page whose locale texts stand between ⟦ and ⟧ (`lengthened` in ui/vite.config.ts).
const done = arguments[arguments.length - 1];

/** What the host said is the shop's own; months are as the date format writes them; languages name themselves; a code
 *  is for support. */
const data = window.companion.said();
const OWN = /^(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec|中文|English|Ctrl|Alt|Esc)$/;
const words = (text) => text.replace(/⟦[^⟧]*⟧|\b[a-z]+(_[a-z]+)+\b/g, " ").match(/[A-Za-z]{2,}|[\u4e00-\u9fff]+/g) ?? [];
const stray = (text) => words(text).filter((word) => !OWN.test(word) && !data.includes(word));

const describe = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
const isShown = (element) =>
  element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !element.closest("[translate=no], .sr-only");
const found = new Set();

for (const element of document.querySelectorAll("body *")) {
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const word of stray(element.getAttribute(name) ?? "")) found.add(`"${word}" in ${name}: ${describe(element)}`);
  }
  const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  if (texts.length === 0 || ["SCRIPT", "STYLE"].includes(element.tagName) || !isShown(element)) continue;
  for (const word of texts.flatMap((node) => stray(node.data))) found.add(`"${word}": ${describe(element)}`);
  // What is not all there in a row of a table is said whole by its title.
  if (element.title === element.textContent || !texts.some((node) => node.data.includes("⟦"))) continue;

  // Cut off: by its own box, or by one around it that hides what does not fit.
  for (let box = element; box && box !== document.body; box = box.parentElement) {
    const style = getComputedStyle(box);
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    if (style.position === "fixed" && box !== element) break;
    if (box.clientWidth <= 1) break;
    if (hides(style.overflowX) && box.scrollWidth > box.clientWidth + 1) found.add(`cut off at the side: ${describe(box)}`);
    if (hides(style.overflowY) && box.scrollHeight > box.clientHeight + 1) found.add(`cut off below: ${describe(box)}`);
    if (style.overflowX === "auto" || style.overflowX === "scroll") break;
  }
  // Spilled over: a word that is wider than the box that should hold it.
  let block = element;
  while (block.parentElement && getComputedStyle(block).display.startsWith("inline") && !getComputedStyle(block).display.includes("-")) {
    block = block.parentElement;
  }
  const box = block.getBoundingClientRect();
  for (const node of texts) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (block.namespaceURI === "http://www.w3.org/1999/xhtml" && box.width > 1 && text.right > box.right + 2) {
      found.add(`spills ${Math.round(text.right - box.right)} px: ${describe(block)}`);
    }
  }
}
done([...found]);
