// How smooth the table of all mini-programs is, in the app's own window by WebDriver.
// `node table.mjs APP`: with COMPANION_HOME naming a home of many, and a display.
import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

const [app] = process.argv.slice(2);
const port = 20_000 + (process.pid % 10_000);
const base = `http://127.0.0.1:${port}`;
const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
  env: { ...process.env, TAURI_WEBVIEW_AUTOMATION: "true" },
  stdio: "ignore",
});

async function ask(path, body, method = "POST") {
  const answer = await fetch(base + path, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value?.message ?? answer.status}`);
  return value;
}

async function within(seconds, what, look) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(50)) {
    const found = await look().catch(() => null);
    if (found) return found;
  }
  throw new Error(`never: ${what}`);
}

/** Runs in the window. Milliseconds from a typed word to the rows laid out anew; and of frames while the box scrolls. */
const MEASURED = `
  const done = arguments[arguments.length - 1];
  (async () => {
    const turn = () => new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const box = () => document.querySelector('[data-testid="accounts.table"]');
    const field = document.querySelector('[data-testid="accounts.search"]');
    const filter = [];
    for (const word of ["j", "jz", "jzx", "jzxg", "pingyao", "面庄", "1 号", "wx00000000000001", "没有这家", ""]) {
      await frame(); await frame();
      field.value = word;
      const began = performance.now();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await turn();
      void document.body.offsetHeight;
      filter.push(performance.now() - began);
    }
    await frame(); await frame();
    const frames = [];
    let before = await frame();
    for (let step = 0; step < 300; step += 1) {
      box().scrollTop += step < 150 ? 90 : 900;
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    return { rows: Number(box().querySelector("table").getAttribute("aria-rowcount")) - 1, shown: box().querySelectorAll("[data-row]").length, filter, frames };
  })().then(done, (error) => done({ error: String(error) }));
`;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
try {
  await within(20, "the driver listens", () => ask("/status", null, "GET"));
  const options = { "webkitgtk:browserOptions": { binary: app, args: [] } };
  const { sessionId } = await ask("/session", { capabilities: { alwaysMatch: options } });
  const session = `/session/${sessionId}`;
  await ask(`${session}/timeouts`, { script: 60_000 });
  await within(60, "the table of all", () =>
    ask(`${session}/execute/sync`, { script: "return document.querySelectorAll('[data-row]').length > 0 && location.hash === '#/accounts'", args: [] }));
  // Dates that were still worked out are not measured.
  await within(300, "all dates", () =>
    ask(`${session}/execute/sync`, { script: "return document.querySelector('[data-testid=\"accounts.progress\"]').textContent === ''", args: [] }));
  const found = await ask(`${session}/execute/async`, { script: MEASURED, args: [] });
  if (found.error) throw new Error(found.error);
  const [filter, frames] = [found.filter, found.frames].map((times) => times.toSorted((a, b) => a - b));
  console.log(`${found.rows} rows, ${found.shown} of them in the document`);
  console.log(`filter: median ${at(filter, 0.5)} ms, longest ${filter.at(-1).toFixed(1)} ms of ${filter.length} words`);
  const late = frames.filter((time) => time > 17.5).length;
  console.log(`scrolling: frame median ${at(frames, 0.5)} ms, 95 % ${at(frames, 0.95)} ms, longest ${frames.at(-1).toFixed(1)} ms; ${late} of ${frames.length} late`);
  await ask(session, null, "DELETE");
} finally {
  driver.kill();
}
