// The service worker: it does nothing while there is a network but remember the files that pages are made of. Without
// network it brings those, and in the place of any page the one that needs none. `self.site` has the addresses.
const { shell, files, version } = self.site;
const CACHE = `dibt-${version}`;

self.addEventListener("install", (event) => {
  // What is sent is none of its business. In Chromium it would even lose what a page sends while it is being left.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([shell, ...files])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("dibt-") && name !== CACHE).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(shell)));
  else if (pathname.startsWith("/static/") || files.includes(pathname)) event.respondWith(file(request));
});

async function file(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
