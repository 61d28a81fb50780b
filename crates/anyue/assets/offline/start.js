// On every page of the workspace: keeps the shell and the kit ready for the moment without network, shows how much waits,
// and sends it.
import * as db from './db.js'
import { refresh } from './kit.js'

export const worker = async () => {
  if (!('serviceWorker' in navigator)) return false
  try {
    await navigator.serviceWorker.register('/service-worker.js', { scope: '/work' })
    // A worker that cannot be installed never becomes ready: nothing waits for it longer than this.
    const registration = await Promise.race([navigator.serviceWorker.ready, new Promise(done => setTimeout(done, 4000))])
    if (registration && registration.active) registration.active.postMessage('keep')
    return Boolean(registration)
  } catch (_) {
    return false
  }
}

const link = document.querySelector('[data-queue-link]')
const count = async () => {
  const [items, kit] = await Promise.all([db.all().catch(() => []), db.kit()])
  const waiting = items.filter(item => (item.state === 'queued' || item.state === 'problem') && kit && item.account === kit.account.id).length
  if (!link) return waiting
  link.hidden = waiting === 0
  link.querySelector('b').textContent = waiting
  return waiting
}

// Sending takes the upload library along: only when something waits.
const library = url => new Promise(resolve => {
  if (window.tus || !url) return resolve()
  const script = document.createElement('script')
  script.src = url
  script.onload = script.onerror = () => resolve()
  document.head.append(script)
})

const begin = async () => {
  if ('serviceWorker' in navigator && document.readyState === 'complete') worker()
  else window.addEventListener('load', worker)
  await refresh()
  await db.sweep().catch(() => {})
  db.listen(what => { if (what.changed || what.kit) count() })
  const mirror = import('./mirror.js').then(module => module.mirror())
  if (await count()) {
    await library(link && link.dataset.tus)
    const { watch } = await import('./send.js')
    await watch()
  }
  await mirror
  await count()
}
if (!document.querySelector('[data-offline-page]')) begin()
