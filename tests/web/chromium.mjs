// A small client of Chromium's debugging protocol over pipes (no port, no package): start, open, ask.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const kNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const kFlags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--hide-scrollbars",
  "--force-color-profile=srgb",
  "--remote-debugging-pipe",
];

export function find_chromium() {
  if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : null;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of kNames) if (existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

export class Chromium {
  #process;
  #profile = mkdtempSync(join(tmpdir(), "cupel-chromium-"));
  #next = 0;
  #waiting = new Map();
  #listeners = [];
  #rest = "";

  constructor(program) {
    this.#process = spawn(program, [...kFlags, `--user-data-dir=${this.#profile}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#process.on("exit", (code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`chromium ended (${code})`));
    });
    this.#process.stdio[4].setEncoding("utf8");
    this.#process.stdio[4].on("data", (text) => {
      const messages = (this.#rest + text).split("\0");
      this.#rest = messages.pop();
      messages.forEach((message) => this.#receive(JSON.parse(message)));
    });
  }

  #receive(message) {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return this.#listeners.forEach((listener) => listener(message));
    this.#waiting.delete(message.id);
    if (message.error) waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
    else waiting.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#next;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  on(listener) {
    this.#listeners.push(listener);
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    await Promise.race([
      this.send("Browser.close").catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 2000)),
    ]);
    const timer = setTimeout(() => {
      try {
        process.kill(-this.#process.pid, "SIGKILL");
      } catch {
        /* gone */
      }
    }, 5000);
    await ended;
    clearTimeout(timer);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /// A page with its requests, console messages and exceptions written down.
  async open(address, { width = 1400, height = 1000, features = [], downloads = null } = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await Promise.all([
      page.send("Page.enable"),
      page.send("Runtime.enable"),
      page.send("Network.enable"),
      page.send("Log.enable"),
    ]);
    if (downloads)
      await this.send("Browser.setDownloadBehavior", {
        behavior: "allow",
        downloadPath: downloads,
      });
    await page.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await page.send("Emulation.setEmulatedMedia", { features });
    const loaded = page.once("Page.loadEventFired");
    await page.send("Page.navigate", { url: address });
    await loaded;
    return page;
  }
}

export class Page {
  requests = [];
  complaints = [];
  #waiting = [];

  constructor(browser, session, target) {
    this.browser = browser;
    this.session = session;
    this.target = target;
    browser.on((message) => {
      if (message.sessionId !== session) return;
      const { method, params } = message;
      if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
      if (method === "Runtime.exceptionThrown")
        this.complaints.push(
          params.exceptionDetails.exception?.description ?? params.exceptionDetails.text,
        );
      if (method === "Runtime.consoleAPICalled")
        this.complaints.push(
          `console.${params.type}: ${params.args.map((a) => a.value ?? a.description).join(" ")}`,
        );
      if (method === "Log.entryAdded")
        this.complaints.push(`${params.entry.level}: ${params.entry.text}`);
      this.#waiting = this.#waiting.filter(
        (waiting) => waiting.method !== method || (waiting.resolve(params), false),
      );
    });
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.session);
  }
  once(method) {
    return new Promise((resolve) => this.#waiting.push({ method, resolve }));
  }

  /// The value of an expression, or of what a function of the page returns.
  async evaluate(code, ...values) {
    const expression =
      typeof code === "function"
        ? `(${code})(${values.map((v) => JSON.stringify(v)).join(",")})`
        : code;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async press(key, code = key, text = undefined) {
    const keys = { Enter: 13, Tab: 9, Space: 32, " ": 32 };
    const common = { key, code, windowsVirtualKeyCode: keys[key] ?? 0 };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...common, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
  }

  async screenshot(clip = undefined) {
    const { data } = await this.send("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: true,
      clip,
    });
    return Buffer.from(data, "base64");
  }

  async full_screenshot() {
    const { cssContentSize } = await this.send("Page.getLayoutMetrics");
    return this.screenshot({
      x: 0,
      y: 0,
      width: cssContentSize.width,
      height: cssContentSize.height,
      scale: 1,
    });
  }

  async pdf() {
    const { data } = await this.send("Page.printToPDF", {
      printBackground: true,
      preferCSSPageSize: true,
    });
    return Buffer.from(data, "base64");
  }
}
