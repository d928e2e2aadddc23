// The page around the model: takes an input and options, and shows what the worker answers.
const byId = id => document.getElementById(id);
const status = byId("status");

// A worker made from a blob is held to this page's Content-Security-Policy, one from a file is not.
const start = `import ${JSON.stringify(new URL("worker.js", document.baseURI).href)};`;
const worker = new Worker(URL.createObjectURL(new Blob([start], { type: "text/javascript" })), { type: "module" });

const waiting = new Map();
let lastId = 0;
const ready = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));
worker.addEventListener("message", ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.fault !== undefined)
    reject(new Error(data.fault));
  else
    resolve(data.answer);
});
worker.addEventListener("error", event =>
  say(`The model cannot be loaded: ${event.message ?? "no reason given"}`, true));

async function call(action, message, transfer = []) {
  await ready;
  const id = ++lastId;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, action, ...message }, transfer);
  return answer;
}

async function ask(question, options = {}) {
  const answer = await call("ask", { question, options: JSON.stringify(options) });
  if (answer.startsWith("!"))
    throw new Error(answer.slice(1));
  return answer;
}

function say(text, isBad = false) {
  status.textContent = text;
  status.classList.toggle("bad", isBad);
}

// What is shown: the input with its name, and the options.
let input = null;
let name = "";
let turn = 0;

function options() {
  const asked = {};
  if (byId("kernel").value)
    asked.kernel = byId("kernel").value;
  for (const id of ["maxTdmrs", "maxReservedAreas"]) {
    if (byId(id).value !== "")
      asked[id] = Number(byId(id).value);
  }
  if (byId("dynamicPamt").checked)
    asked.dynamicPamt = true;
  const strategies = [...document.querySelectorAll("#strategies input:checked")].map(box => box.value);
  if (strategies.length > 0)
    asked.strategy = strategies.join(",");
  return asked;
}

function setOptions(asked) {
  byId("kernel").value = asked.kernel ?? "";
  for (const id of ["maxTdmrs", "maxReservedAreas"])
    byId(id).value = asked[id] ?? "";
  byId("dynamicPamt").checked = asked.dynamicPamt === true;
  const strategies = (asked.strategy ?? "").split(",");
  for (const box of document.querySelectorAll("#strategies input"))
    box.checked = strategies.includes(box.value);
}

async function load(bytes, given) {
  input = bytes;
  name = given;
  const copy = bytes.slice();
  await show(async () => {
    const refusal = await call("load", { bytes: copy.buffer, name }, [copy.buffer]);
    if (refusal)
      throw new Error(refusal);
  });
}

// Answers in the order of the questions: a later one makes an earlier one's answers stale.
async function show(before = async () => {}) {
  if (!input)
    return;
  const mine = ++turn;
  say("Reading…");
  try {
    await before();
    const asked = options();
    const { strategy, ...module } = asked;
    const plan = JSON.parse(await ask("plan", asked));
    const doctor = JSON.parse(await ask("doctor", module));
    const cost = JSON.parse(await ask("cost", module));
    const report = await ask("report", asked);
    if (mine !== turn)
      return;
    showDoctor(doctor);
    showCost(cost);
    byId("report").srcdoc = report;
    byId("answer").hidden = false;
    const isFailed = plan.status !== "constructed";
    say(isFailed
      ? `${plan.name}, kernel ${plan.kernel}: ${plan.error?.message ?? plan.status}`
      : `${plan.name}, kernel ${plan.kernel}: ${plan.tdmrs.length} TDMRs, ${sizeText(1024 * plan.pamtKiB)} of PAMTs`, isFailed);
    byId("share").disabled = byId("save").disabled = false;
  } catch (error) {
    if (mine !== turn)
      return;
    byId("answer").hidden = true;
    byId("share").disabled = byId("save").disabled = true;
    say(error.message, true);
  }
}

function row(body, cells) {
  const line = body.insertRow();
  for (const [text, kind] of cells) {
    const cell = line.insertCell();
    cell.textContent = text;
    if (kind)
      cell.className = kind;
  }
}

// Checks one after another that say the same share a row.
function showDoctor({ checks }) {
  const body = byId("doctor").tBodies[0];
  body.replaceChildren();
  let last = "";
  for (const { id, result, evidence, action } of checks) {
    const said = JSON.stringify([result, evidence, action]);
    if (said === last)
      body.lastElementChild.cells[0].append(`, ${id}`);
    else
      row(body, [[id], [result, result], [evidence], [action]]);
    last = said;
  }
}

// Sizes as the report and the command say them: in the largest unit in which four digits are exact, else in the largest
// that the size fills.
const units = ["B", "KiB", "MiB", "GiB", "TiB"];

function fourDigits(number) {
  return Number(number.toPrecision(4));
}

function sizeText(bytes) {
  for (let unit = units.length - 1; unit > 0; unit--) {
    const size = bytes / 1024 ** unit;
    if (size >= 1 && size < 10_000 && fourDigits(size) === size)
      return `${size} ${units[unit]}`;
  }
  let unit = 0;
  for (; unit < units.length - 1 && bytes >= 1024; unit++)
    bytes /= 1024;
  return `${fourDigits(bytes)} ${units[unit]}`;
}

function showCost(cost) {
  const body = byId("cost").tBodies[0];
  body.replaceChildren();
  if (!cost.static) {
    row(body, [[cost.error?.message ?? cost.status]]);
    return;
  }
  const add = (name, hex) => row(body, [[name], [sizeText(Number(hex)), "number"]]);
  add("RAM", cost.ram);
  add("Static PAMT", cost.static.bytes);
  add("Dynamic PAMT, fixed part", cost.dynamic.fixedBytes);
  add("Reference counts", cost.dynamic.referenceCountBytes);
  for (const point of cost.dynamic.points)
    add(`With ${fourDigits(100 * point.private4K)} % of RAM in TDs as 4K pages`, point.bytes);
}

// Links: the input and the options, compressed, in the fragment, which browsers do not send.
const maxLink = 1_000_000;

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function toText(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function toBytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), character => character.charCodeAt(0));
}

async function fragment(bytes) {
  const head = new TextEncoder().encode(JSON.stringify({ name, options: options() }) + "\n");
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return toText(await through(whole, new CompressionStream("deflate-raw")));
}

async function share() {
  say("Making the link…");
  let link = await fragment(input);
  let note = "The link holds the whole input.";
  if (link.length > maxLink) {
    link = await fragment(new TextEncoder().encode(await ask("document")));
    note = "The input is too long for a link: it holds the memory that was read from it.";
  }
  const url = `${location.href.split("#")[0]}#${link}`;
  history.replaceState(null, "", url);
  try {
    await navigator.clipboard.writeText(url);
    say(`${note} It is in the clipboard and in the address bar.`);
  } catch {
    say(`${note} It is in the address bar.`);
  }
}

async function openLink() {
  if (location.hash.length < 2)
    return;
  try {
    const whole = await through(toBytes(location.hash.slice(1)), new DecompressionStream("deflate-raw"));
    const end = whole.indexOf(10);
    const head = JSON.parse(new TextDecoder().decode(whole.subarray(0, end)));
    setOptions(head.options);
    const bytes = whole.subarray(end + 1);
    showText(bytes);
    await load(bytes.slice(), head.name);
  } catch {
    say("The link is damaged: it does not hold an input.", true);
  }
}

// A long input is not put into the text area, which would be slow; it says so instead.
const maxShown = 1 << 20;

function showText(bytes) {
  byId("input").value = bytes.length <= maxShown
    ? new TextDecoder().decode(bytes)
    : new TextDecoder().decode(bytes.subarray(0, maxShown)) + "\n… (the rest is not shown)\n";
}

async function openFile(file) {
  say(`Reading ${file.name}…`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  showText(bytes);
  await load(bytes, file.name);
}

let typing;
byId("input").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const text = byId("input").value;
    if (text.trim() !== "")
      load(new TextEncoder().encode(text), "pasted");
  }, 250);
});
byId("file").addEventListener("change", event => event.target.files[0] && openFile(event.target.files[0]));
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, event => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0])
      openFile(event.dataTransfer.files[0]);
  });
}
for (const id of ["kernel", "maxTdmrs", "maxReservedAreas", "dynamicPamt", "strategies"])
  byId(id).addEventListener("change", () => show());
byId("share").addEventListener("click", share);
byId("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([byId("report").srcdoc], { type: "text/html" }));
  link.download = `${name.replace(/\.[a-z]+$/, "")}.html`;
  link.click();
});
window.addEventListener("hashchange", openLink);

ready.then(async answer => {
  const facts = JSON.parse(answer);
  byId("version").textContent = `TdxPamt ${facts.version}. The rules are those of Linux and of the TDX module.`;
  byId("kernel").append(new Option("the input's", ""), ...facts.kernels.map(kernel => new Option(kernel, kernel)));
  for (const { name: strategy, summary } of facts.strategies) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: strategy });
    label.append(box, ` ${strategy}`);
    label.title = summary;
    byId("strategies").append(label);
  }
  byId("example").append(...facts.examples.map(example => new Option(example, example)));
  byId("example").addEventListener("change", async event => {
    if (!event.target.value)
      return;
    const text = await call("example", { name: event.target.value });
    byId("input").value = text;
    await load(new TextEncoder().encode(text), event.target.value);
  });
  say("Ready.");
  await openLink();
  document.documentElement.dataset.ready = "true";
}, error => say(`The model cannot be loaded: ${error.message}`, true));

if ("serviceWorker" in navigator && location.protocol !== "file:")
  navigator.serviceWorker.register("offline.js");
