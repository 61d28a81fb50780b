// Keeps the shell of the page /work/offline on the phone. The server puts a line in front of this text:
//   const SHELL = { version, urls }
// Nothing else is ever kept here: no page with anybody's data, no answer of the interface.
const PREFIX = 'anyue-shell-'
const NAME = PREFIX + SHELL.version
const PAGE = '/work/offline'

// Without cookies: the shell is the same for everybody.
const fill = async () => {
  const cache = await caches.open(NAME)
  await cache.addAll(SHELL.urls.map(url => new Request(url, { cache: 'no-cache', credentials: 'omit' })))
}
const clear = async keep => {
  const names = await caches.keys()
  await Promise.all(names.filter(name => name.startsWith(PREFIX) && name !== keep).map(name => caches.delete(name)))
}
const shell = async url => {
  const cache = await caches.open(NAME)
  return cache.match(url, { ignoreVary: true })
}

self.addEventListener('install', event => { event.waitUntil(fill().then(() => self.skipWaiting())) })
self.addEventListener('activate', event => { event.waitUntil(clear(NAME).then(() => self.clients.claim())) })

self.addEventListener('message', event => {
  // Sign-out: everything goes. The next page of the workspace asks for it again.
  if (event.data === 'forget') event.waitUntil(clear(''))
  if (event.data === 'keep') event.waitUntil(shell(PAGE).then(found => found || fill()).catch(() => {}))
})

// A page of ours: from the network; without one the shell, at the same address, which says what can be done.
const navigate = async request => {
  try {
    const answer = await fetch(request)
    if (answer.status !== 502 && answer.status !== 503 && answer.status !== 504) return answer
    return (await shell(PAGE)) || answer
  } catch (error) {
    const found = await shell(PAGE)
    if (found) return found
    throw error
  }
}

self.addEventListener('fetch', event => {
  const request = event.request
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE && request.method === 'GET') event.respondWith(shell(PAGE).then(found => found || fetch(request)))
    else if (url.pathname === '/work' || url.pathname.startsWith('/work/')) event.respondWith(navigate(request))
    return
  }
  if (request.method === 'GET' && url.pathname.startsWith('/assets/')) {
    event.respondWith(shell(url.pathname).then(found => found || fetch(request)))
  }
})

// The network is back: pages of ours that are open send. (Sending itself is a page's business: uploads need one.)
self.addEventListener('sync', event => {
  if (event.tag !== 'anyue-send') return
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(pages => pages.forEach(page => page.postMessage('send'))))
})
