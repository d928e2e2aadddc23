// The model, in a thread of its own: the page stays free while a long log is read.
import { dotnet } from "./_framework/dotnet.js";

const runtime = await dotnet.create();
const { TdxPamt } = await runtime.getAssemblyExports(runtime.getConfig().mainAssemblyName);
const page = TdxPamt.Web.Page;

const actions = {
  load: ({ bytes, name }) => page.Load(new Uint8Array(bytes), name),
  example: ({ name }) => page.Example(name),
  ask: ({ question, options }) => page.Ask(question, options),
};

self.addEventListener("message", ({ data }) => {
  try {
    postMessage({ id: data.id, answer: actions[data.action](data) });
  } catch (error) {
    postMessage({ id: data.id, fault: `${error.message ?? error}` });
  }
});
postMessage({ id: 0, answer: page.Facts() });
