// Keeps the page for later without a network: all files of one version, fetched once.
const version = "{version}";
const files = [/*files*/];

self.addEventListener("install", event => event.waitUntil((async () => {
  const cache = await caches.open(version);
  await cache.addAll(files);
  await self.skipWaiting();
})()));
self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name !== version)
      await caches.delete(name);
  }
  await self.clients.claim();
})()));
self.addEventListener("fetch", event => event.respondWith((async () =>
  await caches.match(event.request, { ignoreSearch: true }) ?? fetch(event.request))()));
