// What the phone knows without asking: fetched whenever there is a network, kept for when there is none.
import * as db from './db.js'

// Brings the kit up to date: 'ok', 'signed-out' (the server knows nobody), 'none' (no network), 'other' (not for us).
export const refresh = async () => {
  let answer
  try {
    answer = await fetch('/api/v1/work/kit', { credentials: 'same-origin', cache: 'no-store', signal: timeout(15000) })
    if (answer.status === 401) return 'signed-out'
    if (answer.status >= 500 || answer.status === 429) return 'none'
    if (!answer.ok) return 'other'
    const kit = await answer.json()
    await db.keepKit({ ...kit, fetchedAt: Date.now() }).catch(() => {})
    db.tell({ kit: true })
    return 'ok'
  } catch (_) {
    return 'none'
  }
}

// The present by the server's clock as far as this phone can know: a wrong clock here moves no deadline.
export const now = kit => Date.now() + (kit ? kit.at - kit.fetchedAt : 0)

// A signal that gives up; undefined where the browser is too old for it.
export const timeout = ms => {
  if (!self.AbortController) return undefined
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  return controller.signal
}
