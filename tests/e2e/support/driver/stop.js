// Where the keyboard stands, and which key leads nearer to what is wanted. Runs in the page.
const [testid, done] = arguments;

const here = document.activeElement ?? document.body;
const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
const wanted = [...document.querySelectorAll("[data-testid]")].find((one) => one.dataset.testid === testid && isShown(one));
const follows = (one) => (here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

/** Choices that are one stop, with arrows between them. */
function group(element) {
  if (element.type === "radio") return `${element.name} of ${[...document.forms].indexOf(element.form)}`;
  return element.closest("[role=radiogroup], [role=tablist], [role=menu], [role=group]");
}
const isChoice = (element) =>
  element.type === "radio" || ["radio", "tab", "menuitem"].includes(element.role) || element.hasAttribute("data-reka-collection-item");
function along() {
  const upright = wanted.type === "radio" || wanted.role === "menuitem";
  return follows(wanted) ? (upright ? "down" : "right") : upright ? "up" : "left";
}
function next() {
  if (!wanted) return "absent";
  if (here === wanted) return "there";
  if (here === document.body) return "tab";
  if (isChoice(here) && isChoice(wanted) && group(here) === group(wanted)) return along();
  // Only forwards, round the end of the page: this driver's Shift+Tab is no Tab to a page, its key says "Unidentified".
  return "tab";
}

/** Why a person would not see where the keyboard stands; nothing if it is plain. */
function problem() {
  const style = getComputedStyle(here);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0) return "no ring";
  const box = here.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right - left < 1 || bottom - top < 1 || !isShown(here)) return "out of sight";
  const front = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return front && (here.contains(front) || front.contains(here)) ? "" : `behind ${front?.outerHTML.slice(0, 120)}`;
}

const name = here.dataset.testid ?? here.ariaLabel ?? here.textContent?.trim().slice(0, 30) ?? "";
done([here === document.body ? "nothing" : `${here.localName} ${name}`, next(), here === document.body ? "" : problem()]);
